import Files
import Tensors

/// Pictures in the IDX format that MNIST came in: a big-endian header, then unsigned bytes;
/// plain or compressed with gzip.
///
/// Read are `[count, height, width]` (magic number 0x00000803) and `[count, height, width,
/// channels]` (0x00000804) with 1 or 3 channels.
package struct IDXFile: Sendable {
  package let path: String
  package let count: Int
  package let channels: Int
  package let height: Int
  package let width: Int
  /// `count * height * width * channels` bytes in the file's order.
  package let bytes: [UInt8]

  /// The largest file that is read, decompressed, in bytes.
  package static let defaultLimit = 4 << 30

  /// Reads a file. Its extents are checked against `limit` and against what a file of its size
  /// can hold before memory is taken.
  ///
  /// - Throws: `FileError`.
  package init(path: String, limit: Int = IDXFile.defaultLimit) throws {
    let reader = try GzipReader(path: path)
    let magic = try reader.read(count: 4)
    guard magic[0] == 0, magic[1] == 0, magic[2] == 8, magic[3] == 3 || magic[3] == 4 else {
      throw FileError(
        kind: .badData, path: path,
        message: "no IDX pictures: expected magic number 0x00000803 or 0x00000804, found 0x"
          + magic.map(hexadecimal).joined())
    }
    let header = try reader.read(count: 4 * Int(magic[3]))
    let extents = (0..<Int(magic[3])).map { axis in
      header[4 * axis..<4 * axis + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    guard extents.allSatisfy({ $0 > 0 }) else {
      throw FileError(
        kind: .badData, path: path, message: "extents \(extents), expected positive ones")
    }
    guard extents.count == 3 || extents[3] == 1 || extents[3] == 3 else {
      throw FileError(
        kind: .badData, path: path, message: "\(extents[3]) channels, expected 1 or 3")
    }
    var size = 1
    for extent in extents {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= limit else {
        throw FileError(
          kind: .badData, path: path,
          message: "extents \(extents), expected at most \(limit) bytes of pixels")
      }
      size = product
    }
    // Deflate stores at most 1,032 bytes in one.
    let bound =
      reader.isCompressed ? min(reader.fileSize, limit) * 1032 : reader.fileSize - 4 - header.count
    guard size <= bound else {
      throw FileError(
        kind: .badData, path: path,
        message: "cut short: extents \(extents) in a file of \(reader.fileSize) bytes")
    }
    bytes = try reader.read(count: size)
    try reader.requireEnd()
    self.path = path
    count = extents[0]
    height = extents[1]
    width = extents[2]
    channels = extents.count == 4 ? extents[3] : 1
  }

  /// A picture, `[channels, height, width]` in [0, 1].
  package func pixels(_ index: Int) -> Tensor {
    let area = height * width
    let first = bytes.startIndex + index * area * channels
    return Tensor(
      [channels, height, width],
      (0..<area * channels).map { place in
        Float(bytes[first + place % area * channels + place / area]) / 255
      })
  }

  /// Whether a file starts as IDX pictures do, plain or under gzip.
  package static func isIDX(path: String) -> Bool {
    guard let reader = try? GzipReader(path: path),
      let magic = try? reader.read(count: 4)
    else { return false }
    return magic[0] == 0 && magic[1] == 0 && magic[2] == 8
  }
}

private func hexadecimal(_ byte: UInt8) -> String {
  (byte < 16 ? "0" : "") + String(byte, radix: 16)
}
