#!/usr/bin/env python3
"""Shows that workers with --claim do every picture once, whenever they are killed.

    script/kill-workers.py [--latent PATH] [--pictures 2000] [--workers 4] [--hosts] [--seed 0]
                           [--kills 0.2 1.5] [--claim-timeout 2]

Makes small pictures, restores them by one process, and again by several that share a folder, each killed (-9) after a
random time and started again until all is done. Then it compares: every result is there, was given its name once
(inotify), and equals the single run's; nothing else is left. With --hosts every worker has a network, a host name and
process numbers of its own (namespaces; needs root), so that workers know of each other by the folder alone.
"""
import argparse, ctypes, os, random, shutil, struct, subprocess, sys, tempfile, threading, time, zlib

IN_CREATE, IN_MOVED_TO = 0x100, 0x80


def png(width, height, samples):
    """A gray picture of 8 bits as the bytes of a PNG file."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + samples[row * width:(row + 1) * width] for row in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def make_pictures(folder, count, seed):
    """Gray ramps with noise, 28x28, as PNG."""
    numbers = random.Random(seed)
    os.makedirs(folder)
    for index in range(count):
        slope = numbers.uniform(-6, 6)
        samples = bytes(
            min(255, max(0, int(128 + slope * (x - 14) + numbers.gauss(0, 25))))
            for _ in range(28) for x in range(28))
        with open(f"{folder}/{index:05}.png", "wb") as file:
            file.write(png(28, 28, samples))


class Watch(threading.Thread):
    """Counts how often each name was given to a file of a folder."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.given = {}
        library = ctypes.CDLL(None, use_errno=True)
        self.descriptor = library.inotify_init()
        if library.inotify_add_watch(self.descriptor, folder.encode(), IN_CREATE | IN_MOVED_TO) < 0:
            sys.exit("no inotify")
        self.start()

    def run(self):
        while True:
            events = os.read(self.descriptor, 1 << 20)
            while events:
                _, _, _, length = struct.unpack_from("iIII", events)
                name = events[16:16 + length].rstrip(b"\0").decode()
                events = events[16 + length:]
                self.given[name] = self.given.get(name, 0) + 1


def contents(folder):
    result = {}
    for name in os.listdir(folder):
        with open(f"{folder}/{name}", "rb") as file:
            result[name] = file.read()
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--latent", default=".build/release/latent")
    parser.add_argument("--pictures", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--hosts", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kills", type=float, nargs=2, default=[0.2, 1.5])
    parser.add_argument("--claim-timeout", type=float, default=2)
    parser.add_argument("--model", default="digits")
    parser.add_argument("--options", default="--sigma 25 --steps 30 --threads 1")
    options = parser.parse_args()
    latent = os.path.abspath(options.latent)
    work = tempfile.mkdtemp(prefix="kill-workers-")
    make_pictures(f"{work}/in", options.pictures, options.seed)
    command = [latent, "denoise", f"{work}/in", "-m", options.model] + options.options.split()
    begin = time.time()
    subprocess.run(command + ["-o", f"{work}/alone/"], check=True, stderr=subprocess.DEVNULL)
    print(f"one process: {options.pictures} pictures in {time.time() - begin:.1f} s")

    os.makedirs(f"{work}/shared")
    watch = Watch(f"{work}/shared")
    sharing = command + [
        "-o", f"{work}/shared/", "--claim", "--claim-timeout", f"{options.claim_timeout:g}s"]
    numbers = random.Random(options.seed + 1)
    lock = threading.Lock()
    kills, words = [0], []

    def worker(number):
        full = sharing
        if options.hosts:
            full = ["unshare", "--net", "--uts", "--pid", "--fork", "--kill-child=KILL", "--mount-proc",
                    "sh", "-c", f'hostname host-{number}; exec "$@"', "sh"] + sharing
        while True:
            process = subprocess.Popen(full, stderr=subprocess.PIPE, text=True)
            with lock:
                patience = numbers.uniform(*options.kills)
            try:
                _, errors = process.communicate(timeout=patience)
            except subprocess.TimeoutExpired:
                process.kill()
                _, errors = process.communicate()
                with lock:
                    kills[0] += 1
            with lock:
                words.extend(errors.splitlines())
            if process.returncode == 0:
                return
            if process.returncode != -9:
                sys.exit(f"worker {number} ended with {process.returncode}: {errors}")

    begin = time.time()
    threads = [threading.Thread(target=worker, args=[n]) for n in range(options.workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.time() - begin
    time.sleep(options.claim_timeout + 0.5)
    subprocess.run(sharing, check=True, stderr=subprocess.DEVNULL)
    status = subprocess.run([latent, "status", f"{work}/shared"], capture_output=True, text=True).stdout

    alone, shared = contents(f"{work}/alone"), contents(f"{work}/shared")
    shared.pop(".latent-work", None)
    given = {name: count for name, count in watch.given.items() if not name.startswith(".")}
    taken_over = sum(count for name, count in watch.given.items() if ".claim." in name)
    more = {name: count for name, count in given.items() if count != 1}
    print(f"{options.workers} {'hosts' if options.hosts else 'processes'}: {kills[0]} killed, "
          f"{taken_over} claims taken over, {seconds:.1f} s")
    print(f"names given once: {len(given) - len(more)} of {len(alone)}; more than once: {len(more)}")
    print(f"equal to the single run's: {sum(shared.get(n) == d for n, d in alone.items())} of {len(alone)}")
    print(f"left beside the results: {sorted(set(shared) - set(alone))}")
    print(f"status: {status.strip()}")
    for line in sorted({line.split(': ', 2)[-1] for line in words if 'another process' in line}):
        print(f"said: {line}")
    isWell = shared == alone and not more and len(given) == len(alone)
    if isWell:
        shutil.rmtree(work)
    print("all is well" if isWell else f"NOT WELL, see {work}")
    sys.exit(0 if isWell else 1)


main()
