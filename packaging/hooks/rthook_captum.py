"""Runs before the program: `captum.attr` imports two modules that want matplotlib, which draws nothing here.

Modules with the names that captum asks them for take their place. That saves matplotlib and what it needs (80 MB, and
a second of the model process's start). The methods that medviewer offers use neither.
"""

import sys
from types import ModuleType

#: Module -> the names that others of captum take from it at import.
LEFT_OUT = {
    "captum.attr._utils.visualization": ("draw_mask_border", "draw_mask_legend"),
    "captum.attr._core.llm_attr": (
        "LLMAttribution",
        "LLMAttributionResult",
        "LLMGradientAttribution",
        "RemoteLLMAttribution",
    ),
}

for _module, _names in LEFT_OUT.items():
    sys.modules[_module] = ModuleType(_module, "Not part of this program.")
    for _name in _names:
        setattr(sys.modules[_module], _name, type(_name, (), {"__module__": _module}))
