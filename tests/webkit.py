"""WebKitGTK, the second engine of the browser tests, on a display that nobody sees."""

from pathlib import Path
from selenium import webdriver
from selenium.webdriver.webkitgtk.service import Service

import os
import shutil
import subprocess


PACKAGES = ("webkit2gtk-driver", "xvfb", "gstreamer1.0-plugins-bad", "gstreamer1.0-libav")
PROGRAMS = ("WebKitWebDriver", "Xvfb")
# They open MP4, prepare H.264 for Media Source, decode it with its sound, and stand in for a sound card.
PLUGINS = ("isomp4", "videoparsersbad", "libav", "debugutilsbad")
FOLDERS_OF_PLUGINS = ("lib/*/gstreamer-1.0", "lib64/gstreamer-1.0", "lib/gstreamer-1.0")
SECONDS = 30
SETTINGS = {
    # In a session of Wayland the window would otherwise open before the eyes of who runs the tests.
    "GDK_BACKEND": "x11",
    # In place of a sound card, which a container has not, and which would be heard elsewhere.
    "GST_PLUGIN_FEATURE_RANK": "fakeaudiosink:MAX",
}


def is_there():
    """Whether this machine has the browser, its display, and what decodes films."""
    return all(map(shutil.which, PROGRAMS)) and all(map(_has_plugin, PLUGINS))


def _has_plugin(name):
    return any(any(Path("/usr").glob(f"{folder}/libgst{name}.so")) for folder in FOLDERS_OF_PLUGINS)


class Display:
    """An X server in memory, at the first number that is free; ``name`` is what programs call it."""

    def __init__(self, folder):
        self._log = folder / "xvfb.log"

    def __enter__(self):
        reading, writing = os.pipe()
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x1024x24"]
        with self._log.open("w") as log:
            self._process = subprocess.Popen(command, pass_fds=[writing], stdout=log, stderr=log)
        os.close(writing)
        with open(reading) as pipe:
            number = pipe.readline().strip()
        if not number:
            self.__exit__()
            raise RuntimeError(self._log.read_text())
        self.name = f":{number}"
        return self

    def __exit__(self, *error):
        self._process.terminate()
        self._process.wait(timeout=SECONDS)


def open_browser(folder, display):
    """Selenium's driver of a browser that remembers nothing; what its processes say is kept in ``folder``."""
    environ = {**os.environ, **SETTINGS, "DISPLAY": display.name}
    return webdriver.WebKitGTK(service=Service(log_output=str(folder / "webkit.log"), env=environ))
