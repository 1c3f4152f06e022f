import Platform

/// Files on their way to their names: `.latent-PID-NUMBER-KERNEL.tmp` beside the target.
///
/// A process that is killed leaves its file behind. The next one that writes into that folder removes it:
/// where no process of that number lives and nobody holds the lock that a writer keeps on its file. Machines
/// may share the folder: of another one's files (KERNEL tells boots and PID namespaces apart) nobody knows
/// who writes them, so that only those go that nobody has written to for a day.
package enum TemporaryFiles {
  private struct State {
    /// The folders that have been looked through, and what was removed there since it was last asked.
    var folders: Set<[UInt8]> = []
    var removed: [String] = []
  }

  private static let state = Lock(State())

  /// The files that were removed since the last call, to be told of.
  package static func takeRemoved() -> [String] {
    state.withLock { state in
      defer { state.removed = [] }
      return state.removed
    }
  }

  /// - Parameters:
  ///   - path: what errors call the target.
  ///   - isPrivate: whether nobody but its owner may open it; otherwise the umask decides.
  static func create(
    beside target: String, for path: String, isPrivate: Bool
  ) throws(FileError) -> (descriptor: Int32, name: String) {
    let folder = Paths.folder(target)
    removeStale(in: folder)
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    var serial = UInt32(truncatingIfNeeded: time.tv_nsec)
    while true {
      let name = "\(folder)\(prefix)\(getpid())-\(serial)\(kernel)\(suffix)"
      let descriptor = open(
        name.systemPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, isPrivate ? 0o600 : 0o666)
      if descriptor >= 0 {
        // Let go with the descriptor; where locks are not to be had, the number alone tells.
        _ = flock(descriptor, LOCK_EX | LOCK_NB)
        return (descriptor, name)
      }
      guard errno == EEXIST || errno == EINTR else {
        throw FileError(kind: .cannotCreate, path: path, errno: errno)
      }
      serial &+= 1
    }
  }

  private static let prefix = ".latent-"
  private static let suffix = ".tmp"
  /// "-1a2b3c4d", or nothing where the system does not tell.
  private static let kernel = ProcessIdentity.own.kernelTag.map { "-" + $0 } ?? ""
  /// In seconds: far beyond what the clocks of machines differ by.
  private static let day = 86_400

  /// Removes what other machines' processes left in a folder, where it has not been written to for some time.
  /// To be asked for when nobody writes there any more.
  ///
  /// - Parameter age: in seconds.
  static func removeAbandoned(in folder: String, olderThan age: Double, now: Double) {
    for name in (try? Paths.list(folder.isEmpty ? "." : folder)) ?? []
    where name.hasPrefix(prefix) && name.hasSuffix(suffix) {
      var status = stat()
      guard lstat((folder + name).systemPath, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        status.st_uid == geteuid(), now - seconds(modificationTime(status)) > age
      else { continue }
      unlink((folder + name).systemPath)
    }
  }

  private static func removeStale(in folder: String) {
    let isNew = state.withLock { $0.folders.insert(Array(folder.utf8)).inserted }
    guard isNew, let stream = opendir((folder.isEmpty ? "." : folder).systemPath) else { return }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
          String(systemPath: $0)
        }
      }
      if isStale(name, in: folder), unlink((folder + name).systemPath) == 0 {
        state.withLock { $0.removed.append(folder + name) }
      }
    }
  }

  private static func isStale(_ name: String, in folder: String) -> Bool {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return false }
    let parts = name.dropFirst(prefix.count).dropLast(suffix.count).split(
      separator: "-", omittingEmptySubsequences: false)
    guard let process = parts.first.flatMap({ pid_t($0) }), process > 0 else { return false }
    var status = stat()
    guard lstat((folder + name).systemPath, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_uid == geteuid()
    else { return false }
    if parts.count > 2, "-" + parts[2] != kernel {
      return time(nil) - modificationTime(status).tv_sec > day
    }
    guard process != getpid(), kill(process, 0) != 0, errno == ESRCH else { return false }
    let descriptor = open((folder + name).systemPath, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_EX | LOCK_NB) == 0
  }
}
