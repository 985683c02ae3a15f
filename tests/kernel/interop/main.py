#!/usr/bin/env python3
"""keepalive and keepalived as routers of the same addresses. Runs inside the lab: main.py PROGRAMS MODULE…
[unittest's options]."""

import os
import sys
import unittest

here = os.path.dirname(os.path.abspath(__file__))
os.environ["PROGRAMS"] = os.path.abspath(sys.argv.pop(1))
sys.path[:0] = [here, os.path.join(os.path.dirname(here), "keepalive")]
sys.dont_write_bytecode = True
unittest.main(module=None)
