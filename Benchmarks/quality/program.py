"""Runs latent, and says how long it took and how much memory it held."""

import os
import pathlib
import subprocess
import tempfile
import time
from dataclasses import dataclass

import pictures


class ProgramError(Exception):
    pass


@dataclass
class Run:
    seconds: float
    # The largest resident set.
    mebibytes: float
    output: str


@dataclass(frozen=True)
class Contender:
    """A model, and the options it restores with."""

    model: str
    options: tuple = ()

    @property
    def title(self):
        name = pathlib.Path(self.model).name.removesuffix(".safetensors")
        return " ".join([name, *map(str, self.options)])


def timed(arguments):
    """A program from start to end.

    Raises ProgramError with the last lines it wrote to standard error where it fails.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.monotonic()
        try:
            process = subprocess.Popen(arguments, stdout=output, stderr=errors)
        except OSError as error:
            raise ProgramError(f"{arguments[0]}: {error.strerror}") from error
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except KeyboardInterrupt:
            process.terminate()
            raise
        seconds = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            lines = errors.read().decode(errors="replace").strip().splitlines()
            raise ProgramError(f"{' '.join(map(str, arguments[:6]))} ...: exit code "
                               f"{process.returncode}: {' / '.join(lines[-3:])}")
        output.seek(0)
        return Run(seconds, usage.ru_maxrss / 1024, output.read().decode())


class Latent:
    """binary: of latent. options: added to every call."""

    def __init__(self, binary, options):
        self.binary = binary
        self.options = options

    def run(self, command, model, *arguments):
        return timed([
            self.binary, command, "--model", model, *self.options,
            *[str(argument) for argument in arguments]])

    def restored(self, command, model, folder, inputs, *arguments):
        """Restores files in one call.

        folder: an empty one for the results, made here. inputs: files by the picture's name, which
        is also the file's. Returns the pictures by name.
        """
        folder.mkdir(parents=True)
        self.run(command, model, *arguments, "--depth", 8, "--format", "png", "-o", f"{folder}/",
                 *inputs.values())
        results = {}
        for name in inputs:
            path = folder / f"{name}.png"
            if not path.exists():
                raise ProgramError(f"{path}: expected the result of latent {command}, found none")
            results[name] = pictures.read(path)
        return results
