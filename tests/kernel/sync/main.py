#!/usr/bin/env python3
"""Usage: main.py FOLDER-OF-PROGRAMS MODULE [TEST...], as root in a network of its own."""

import os
import sys
import unittest

if __name__ == "__main__":
    os.environ["PROGRAMS"] = os.path.abspath(sys.argv[1])
    import world
    world.build()
    unittest.main(module=sys.argv[2], argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
