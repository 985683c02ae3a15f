#!/usr/bin/env python3
"""keepalive on a real kernel. Runs inside the lab: main.py PROGRAMS MODULE… [unittest's options]."""

import os
import sys
import unittest

os.environ["PROGRAMS"] = os.path.abspath(sys.argv.pop(1))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
unittest.main(module=None)
