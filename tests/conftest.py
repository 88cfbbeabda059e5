"""What all tests share: how Hypothesis searches, and that no setting of the one who runs them is theirs."""

import os

from hypothesis import settings

# The machine's noise is no property of the code, and what fails in CI must fail again on a desk.
settings.register_profile("pincite", deadline=None, derandomize=os.environ.get("CI") == "true", print_blob=True)
settings.load_profile("pincite")

for name in [name for name in os.environ if name.startswith("PINCITE_")]:
    del os.environ[name]
