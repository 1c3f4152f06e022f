import Files

extension SafetensorsFile {
  /// Reads a regular file. Its header is checked against the file's size before the data are
  /// read.
  ///
  /// - Throws: `FileError`.
  package init(path: String) throws {
    let file = try ReadableFile(path: path)
    guard let fileSize = file.length else {
      throw FileError(kind: .badData, path: path, message: "expected a regular file")
    }
    func read(at offset: Int, count: Int) throws -> [UInt8] {
      let bytes = try file.read(at: offset, count: count)
      guard bytes.count == count else {
        throw FileError(kind: .badData, path: path, message: "cut short while it was being read")
      }
      return bytes
    }
    do {
      let prefix = try read(at: 0, count: min(8, fileSize))
      let length = try SafetensorsHeader.length(prefix: prefix, fileSize: fileSize)
      let dataStart = 8 + length
      let header = try SafetensorsHeader(
        parsing: try read(at: 8, count: length), dataLength: fileSize - dataStart)
      let data = try read(at: dataStart, count: fileSize - dataStart)
      self.init(name: path, header: header, data: data[...])
    } catch let reason as Reason {
      throw FileError(kind: .badData, path: path, message: reason.text)
    }
  }

  /// Writes the file: `path` holds the old contents or the new ones, never a part.
  ///
  /// - Parameter synchronized: whether the contents are forced to the disk first.
  /// - Throws: `FileError`; `path` is untouched then.
  package func write(to path: String, synchronized: Bool = true) throws(FileError) {
    try AtomicFile.write(encoded(), to: path, synchronized: synchronized)
  }
}
