"""The loader for every YAML file a researcher writes: safe, and in C where PyYAML has it so."""

from __future__ import annotations

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
