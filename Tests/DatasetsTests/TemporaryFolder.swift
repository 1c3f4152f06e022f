import Foundation
import ImageCodecs

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
  /// Grey pixels.
  static func grey(_ width: Int, _ height: Int, _ value: (Int, Int) -> UInt8) -> Image {
    Image(
      width: width, height: height, colourModel: .grey,
      samples: .bits8((0..<width * height).map { value($0 % width, $0 / width) }))
  }

  /// Pixels of one colour.
  static func filled(_ width: Int, _ height: Int, _ pixel: [UInt8]) -> Image {
    let model = ColourModel(rawValue: pixel.count) ?? .grey
    return Image(
      width: width, height: height, colourModel: model,
      samples: .bits8((0..<width * height).flatMap { _ in pixel }))
  }
}
