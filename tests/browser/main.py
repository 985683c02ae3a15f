#!/usr/bin/python3
"""The monitor in Chromium: main.py PROGRAMS PICTURES MODULE… [unittest's options]. Exit code 77: no browser or lab here."""

import importlib.util
import os
import shutil
import sys
import unittest

if not (shutil.which("chromium") and shutil.which("chromedriver") and importlib.util.find_spec("selenium")):
    print("SKIPPED: no browser: tests/setup browser")
    sys.exit(77)
os.environ["PROGRAMS"] = os.path.abspath(sys.argv.pop(1))
os.environ["KEEPALIVE_PICTURES"] = os.path.abspath(sys.argv.pop(1))
here = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [here, os.path.join(os.path.dirname(here), "kernel")]
sys.dont_write_bytecode = True
unittest.main(module=None)
