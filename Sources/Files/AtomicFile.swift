import Platform

/// Writes files so that a reader sees the old content or the whole new content, never a part.
///
/// The content goes to a temporary name beside the target, which is then renamed. A symbolic
/// link is followed. A file that is replaced keeps its permissions and, as far as this process may give it
/// away, its owner and group; while it is written, nobody but its owner can read it. A new file gets the
/// permissions of the umask. A target that is no regular file (a pipe, `/dev/stdout`) is written directly.
/// Temporary files of processes that have died are removed on the way (`TemporaryFiles`).
package enum AtomicFile {
  /// - Parameter synchronized: whether content and name are forced to the disk, so that the new file
  ///   survives a power failure too.
  /// - Parameter replaces: whether a file that is there gives way. Otherwise the first of several processes
  ///   that write one file has written it, and what the others bring is dropped.
  /// - Throws: `FileError` of kind `cannotCreate` or `inputOutput`; the target is untouched then
  ///   and no temporary file remains.
  package static func write(
    _ bytes: [UInt8], to path: String, synchronized: Bool = false, replaces: Bool = true
  ) throws(FileError) {
    do {
      try write(to: path, synchronized: synchronized, replaces: replaces) { output in
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
  package static func write<Result>(
    to path: String, synchronized: Bool = false, replaces: Bool = true,
    _ body: (FileOutput) throws -> Result
  ) throws -> Result {
    var status = stat()
    let exists = stat(path.systemPath, &status) == 0
    if exists && status.st_mode & S_IFMT == S_IFDIR {
      throw FileError(kind: .cannotCreate, path: path, message: "is a directory")
    }
    if exists && status.st_mode & S_IFMT != S_IFREG {
      return try writeDirectly(to: path, body)
    }
    if exists && access(path.systemPath, W_OK) != 0 {
      throw FileError(kind: .cannotCreate, path: path, errno: errno)
    }
    let target = exists ? Paths.resolved(path) ?? path : path
    let temporary = try TemporaryFiles.create(beside: target, for: path, isPrivate: exists)
    var isOpen = true
    let result: Result
    do {
      result = try body(FileOutput(descriptor: temporary.descriptor, name: path))
      if exists { takeAttributes(of: status, temporary.descriptor) }
      if synchronized && fsync(temporary.descriptor) != 0 {
        throw FileError(kind: .inputOutput, path: path, errno: errno)
      }
      isOpen = false
      if close(temporary.descriptor) != 0 {
        throw FileError(kind: .inputOutput, path: path, errno: errno)
      }
      try give(temporary.name, the: target, replaces: replaces, for: path)
    } catch {
      if isOpen { close(temporary.descriptor) }
      unlink(temporary.name.systemPath)
      throw error
    }
    if synchronized { synchronizeFolder(of: target) }
    return result
  }

  /// Moves a file to its name.
  private static func give(
    _ temporary: String, the target: String, replaces: Bool, for path: String
  ) throws(FileError) {
    if !replaces {
      let outcome = ExclusiveLink.make(from: temporary, to: target)
      if outcome != .unsupported { unlink(temporary.systemPath) }
      switch outcome {
      case .made, .exists: return
      case .failed(let code): throw FileError(kind: .cannotCreate, path: path, errno: code)
      // Without links a name cannot be given and kept at once: what is there gives way.
      case .unsupported: break
      }
    }
    if rename(temporary.systemPath, target.systemPath) != 0 {
      throw FileError(kind: .cannotCreate, path: path, errno: errno)
    }
  }

  /// A file whose owner cannot be given it must not become readable to others by its group's bits.
  private static func takeAttributes(of status: stat, _ descriptor: Int32) {
    var mode = status.st_mode & 0o7777
    if fchown(descriptor, status.st_uid, status.st_gid) != 0 {
      // The group alone can be given by its members.
      if fchown(descriptor, uid_t.max, status.st_gid) != 0 { mode &= ~0o070 }
      mode &= ~(S_ISUID | S_ISGID)
    }
    fchmod(descriptor, mode)
  }

  /// Without this, a power failure may undo the rename. Some file systems cannot do it; the file is
  /// whole all the same.
  private static func synchronizeFolder(of path: String) {
    let folder = Paths.folder(path)
    let descriptor = open((folder.isEmpty ? "." : folder).systemPath, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func writeDirectly<Result>(
    to path: String, _ body: (FileOutput) throws -> Result
  ) throws -> Result {
    let descriptor = open(path.systemPath, O_WRONLY | O_CLOEXEC)
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
}
