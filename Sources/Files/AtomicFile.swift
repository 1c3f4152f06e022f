import Platform

/// Writes files so that a reader sees the old content or the whole new content, never a part.
///
/// The content goes to a temporary name beside the target, which is then renamed. A symbolic
/// link is followed. A file that is replaced keeps its permissions, a new one gets those of the
/// umask. A target that is no regular file (a pipe, `/dev/stdout`) is written directly.
public enum AtomicFile {
  /// - Parameter synchronised: whether the content is forced to the disk before the rename, so
  ///   that it survives a power failure too.
  /// - Throws: `FileError` of kind `cannotCreate` or `inputOutput`; the target is untouched then
  ///   and no temporary file remains.
  public static func write(
    _ bytes: [UInt8], to path: String, synchronised: Bool = false
  ) throws(FileError) {
    do {
      try write(to: path, synchronised: synchronised) { output in
        try output.write(bytes)
      }
    } catch let error as FileError {
      throw error
    } catch {
      throw FileError(kind: .inputOutput, path: path, message: "\(error)")
    }
  }

  /// As above for content that is made piece by piece. What `body` throws is passed on after the
  /// temporary file is removed.
  public static func write<Result>(
    to path: String, synchronised: Bool = false, _ body: (FileOutput) throws -> Result
  ) throws -> Result {
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists && status.st_mode & S_IFMT == S_IFDIR {
      throw FileError(kind: .cannotCreate, path: path, message: "is a directory")
    }
    if exists && status.st_mode & S_IFMT != S_IFREG {
      return try writeDirectly(to: path, body)
    }
    if exists && access(path, W_OK) != 0 {
      throw FileError(kind: .cannotCreate, path: path, errno: errno)
    }
    let target = exists ? Paths.resolved(path) ?? path : path
    let (descriptor, temporary) = try createTemporary(beside: target, for: path)
    var isOpen = true
    do {
      let result = try body(FileOutput(descriptor: descriptor, name: path))
      if exists { fchmod(descriptor, status.st_mode & 0o777) }
      if synchronised && fsync(descriptor) != 0 {
        throw FileError(kind: .inputOutput, path: path, errno: errno)
      }
      isOpen = false
      if close(descriptor) != 0 {
        throw FileError(kind: .inputOutput, path: path, errno: errno)
      }
      if rename(temporary, target) != 0 {
        throw FileError(kind: .cannotCreate, path: path, errno: errno)
      }
      return result
    } catch {
      if isOpen { close(descriptor) }
      unlink(temporary)
      throw error
    }
  }

  private static func writeDirectly<Result>(
    to path: String, _ body: (FileOutput) throws -> Result
  ) throws -> Result {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw FileError(kind: .cannotCreate, path: path, errno: errno)
    }
    let result: Result
    do {
      result = try body(FileOutput(descriptor: descriptor, name: path))
    } catch {
      close(descriptor)
      throw error
    }
    if close(descriptor) != 0 {
      throw FileError(kind: .inputOutput, path: path, errno: errno)
    }
    return result
  }

  private static func createTemporary(
    beside target: String, for path: String
  ) throws(FileError) -> (descriptor: Int32, name: String) {
    let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? ""
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    var serial = UInt32(truncatingIfNeeded: time.tv_nsec)
    while true {
      let name = "\(folder).latent-\(getpid())-\(serial).tmp"
      let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (descriptor, name) }
      guard errno == EEXIST || errno == EINTR else {
        throw FileError(kind: .cannotCreate, path: path, errno: errno)
      }
      serial &+= 1
    }
  }
}
