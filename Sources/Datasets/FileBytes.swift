#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open regular file, closed with its last owner.
final class RegularFile {
  let path: String
  /// In bytes, as the file system tells it.
  let size: Int
  private let descriptor: Int32

  init(path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw DatasetError(path: path, reason: String(cString: strerror(errno)))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw DatasetError(path: path, reason: "no regular file")
    }
    self.path = path
    self.size = Int(status.st_size)
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// The next bytes, as many as fit; 0 at the end of the file.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    try readBytes(descriptor, into: buffer, path: path)
  }

  /// Goes back to the first byte.
  func rewind() { lseek(descriptor, 0, SEEK_SET) }
}

/// `read(2)` until it is not interrupted.
func readBytes(
  _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, path: String
) throws -> Int {
  while true {
    let count = read(descriptor, buffer.baseAddress, buffer.count)
    if count >= 0 { return count }
    if errno != EINTR { throw DatasetError(path: path, reason: String(cString: strerror(errno))) }
  }
}
