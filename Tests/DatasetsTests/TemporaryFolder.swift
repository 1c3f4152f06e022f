import Foundation
import ImageCodecs
import Testing

/// A folder that goes with its last owner.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file below, whose folder is made.
  func file(_ name: String) throws -> String {
    let file = path + "/" + name
    let folder = (file as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return file
  }

  func write(_ bytes: [UInt8], _ name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
  }

  func write(_ image: Image, _ name: String) throws {
    try ImageWriter.write(image, to: file(name))
  }

  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: path + "/" + name, withIntermediateDirectories: true)
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: file(name), withDestinationPath: target)
  }
}

extension Image {
  /// Gray pixels.
  static func gray(_ width: Int, _ height: Int, _ value: (Int, Int) -> UInt8) -> Image {
    Image(
      width: width, height: height, colorModel: .gray,
      samples: .bits8((0..<width * height).map { value($0 % width, $0 / width) }))
  }

  /// Pixels of one color.
  static func filled(_ width: Int, _ height: Int, _ pixel: [UInt8]) -> Image {
    let model = ColorModel(rawValue: pixel.count) ?? .gray
    return Image(
      width: width, height: height, colorModel: model,
      samples: .bits8((0..<width * height).flatMap { _ in pixel }))
  }
}

extension ImageWriter {
  /// Writes a picture, of the format that the name tells.
  static func write(
    _ image: Image, to path: String, options: EncodingOptions = EncodingOptions()
  ) throws {
    let format = try #require(ImageFormat(path: path))
    try Data(encode(image, format: format, options: options))
      .write(to: URL(fileURLWithPath: path))
  }
}
