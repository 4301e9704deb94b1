"""Builds a wheel of llama-cpp-python that runs on every computer of this system.

    python packaging/build_llama.py                       # into build/llama/wheels
    python packaging/build_llama.py --vulkan-prefix DIR   # where the system's headers are too old

All variants for processors and the Vulkan backend become libraries of their own beside llama.cpp,
and the program loads those that fit (`rag.generation.backends`); a computer without a Vulkan
driver does without that one. It needs cmake, a compiler, and for Vulkan `glslc`, the loader
(`libvulkan1`) and the headers of Vulkan 1.3.272 and of SPIR-V, or newer. The binding's own build
leaves the variants out of the wheel, and a path into the build's folder in them: both are mended
here by the places and the search path it is given.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

BUILD = Path(__file__).parents[1] / "build" / "llama"
OPTIONS = {
    "GGML_BACKEND_DL": "on",
    "GGML_CPU_ALL_VARIANTS": "on",
    "GGML_NATIVE": "off",
    "LLAVA_BUILD": "off",
    "CMAKE_INSTALL_BINDIR": "llama_cpp/lib",
    "CMAKE_INSTALL_LIBDIR": "llama_cpp/lib",
    "CMAKE_INSTALL_RPATH": "$ORIGIN",
}


def main() -> int:
    """Build the wheel, tell its libraries, and fail where a backend is missing."""
    arguments = _parser().parse_args()
    wheels = arguments.out or BUILD / "wheels"
    options = OPTIONS | _vulkan_options(arguments.vulkan_prefix, is_wanted=arguments.vulkan)
    wheel = build(arguments.version, wheels, options)
    libraries = _libraries(wheel)
    for name, size_bytes in libraries.items():
        print(f"{size_bytes / 1e6:8.1f} MB  {name}")
    wanted = ["ggml-cpu-", *(["ggml-vulkan"] if arguments.vulkan else [])]
    missing = [part for part in wanted if not any(part in name for name in libraries)]
    if missing:
        print(f"missing in {wheel}: {', '.join(missing)}", file=sys.stderr)
    return 1 if missing else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--version", default=metadata.version("llama-cpp-python"))
    parser.add_argument("--out", type=Path)
    parser.add_argument("--vulkan", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument(
        "--vulkan-prefix", type=Path, help="the folder with include/ and share/ of newer headers"
    )
    return parser


def build(version: str, out: Path, options: dict[str, str]) -> Path:
    """The wheel of this version of the binding, built from its source with these options."""
    flags = " ".join(shlex.quote(f"-D{name}={value}") for name, value in options.items())
    subprocess.run(
        [
            sys.executable,
            *("-m", "pip", "wheel", f"llama-cpp-python=={version}"),
            *("--no-deps", "--no-cache-dir", "--no-binary", "llama-cpp-python"),
            *("--wheel-dir", out),
        ],
        env=os.environ | {"CMAKE_ARGS": flags},
        check=True,
    )
    (wheel,) = out.glob(f"llama_cpp_python-{version}-*.whl")
    return wheel


def _vulkan_options(prefix: Path | None, *, is_wanted: bool) -> dict[str, str]:
    if not is_wanted:
        return {}
    options = {"GGML_VULKAN": "on"}
    if prefix is not None:
        headers = prefix.resolve() / "include"
        options["CMAKE_PREFIX_PATH"] = str(prefix.resolve())
        options["Vulkan_INCLUDE_DIR"] = str(headers)
        options["CMAKE_CXX_FLAGS"] = f"-I{headers}"
    if loaders := sorted(Path("/usr/lib").glob("*/libvulkan.so*")):
        options["Vulkan_LIBRARY"] = str(loaders[0])
    return options


def _libraries(wheel: Path) -> dict[str, int]:
    """The llama.cpp libraries in a wheel and their sizes in bytes."""
    with zipfile.ZipFile(wheel) as archive:
        return {
            entry.filename: entry.file_size
            for entry in archive.infolist()
            if "/lib/" in entry.filename and not entry.is_dir()
        }


if __name__ == "__main__":
    sys.exit(main())
