"""This machine as far as a model cares: cores, memory and graphics cards."""

from rag.hardware.machine import Gpu, Machine, physical_cores

__all__ = ["Gpu", "Machine", "physical_cores"]
