#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension SafetensorsFile {
  /// Reads a file. Its header is checked against the file's size before the data are read.
  ///
  /// - Throws: `CheckpointError`.
  public init(path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw CheckpointError(name: path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw CheckpointError(name: path, reason: String(cString: strerror(errno)))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw CheckpointError(name: path, reason: "no regular file")
    }
    let fileSize = Int(status.st_size)
    do {
      let prefix = try read(descriptor, count: min(8, fileSize))
      let length = try SafetensorsHeader.length(prefix: prefix, fileSize: fileSize)
      let dataLength = fileSize - 8 - length
      let header = try SafetensorsHeader(
        parsing: try read(descriptor, count: length), dataLength: dataLength)
      let data = try read(descriptor, count: dataLength)
      self.init(name: path, header: header, data: data[...])
    } catch let reason as Reason {
      throw CheckpointError(name: path, reason: reason.text)
    }
  }

  /// Writes the file under a temporary name beside `path` and renames it, so that `path` holds
  /// the old contents or the new ones, never a part.
  public func write(to path: String) throws {
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw CheckpointError(
        name: path, reason: "cannot create: " + String(cString: strerror(errno)))
    }
    var written = encoded().withUnsafeBytes { bytes in
      var position = 0
      while position < bytes.count {
        let count = Self.systemWrite(
          descriptor, bytes.baseAddress! + position, bytes.count - position)
        if count < 0 && errno != EINTR { return false }
        position += max(count, 0)
      }
      return fsync(descriptor) == 0
    }
    written = close(descriptor) == 0 && written
    guard written, rename(temporary, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(temporary)
      throw CheckpointError(name: path, reason: "cannot write: " + reason)
    }
  }

  private static func systemWrite(
    _ descriptor: Int32, _ start: UnsafeRawPointer, _ count: Int
  ) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, start, count)
    #elseif canImport(Musl)
      Musl.write(descriptor, start, count)
    #else
      Darwin.write(descriptor, start, count)
    #endif
  }
}

/// Exactly `count` bytes from the descriptor's position.
private func read(_ descriptor: Int32, count: Int) throws -> [UInt8] {
  try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
    while initialized < count {
      let got = read(descriptor, buffer.baseAddress! + initialized, count - initialized)
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else {
        throw Reason(
          got < 0 ? String(cString: strerror(errno)) : "cut short while it was being read")
      }
      initialized += got
    }
  }
}
