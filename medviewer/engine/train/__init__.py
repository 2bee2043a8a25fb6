"""Training, in a process of its own."""

import os

# before torch loads OpenMP: threads that wait by spinning made an epoch six times longer beside other programs
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
