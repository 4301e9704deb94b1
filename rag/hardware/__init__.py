"""This machine as far as a model cares: processor, memory and graphics cards."""

from rag.hardware.graphics import Gpu
from rag.hardware.machine import Machine
from rag.hardware.processors import Processor, physical_cores

__all__ = ["Gpu", "Machine", "Processor", "physical_cores"]
