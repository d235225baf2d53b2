"""What asv runs to build a commit: the wheel that is there already is copied to where asv looks."""

import shutil
import sys

shutil.copytree(sys.argv[1], sys.argv[2], dirs_exist_ok=True)
