import Foundation

@testable import ImageCodecs

/// The pictures that Tests/Fixtures/make_images.py made.
enum Fixtures {
  struct Expected: CustomStringConvertible, Sendable {
    var name: String
    var width: Int
    var height: Int
    var colorModel: Image.ColorModel
    var depth: Int

    var description: String { name }
    var path: String { Fixtures.path(name) }
    var isJPEG: Bool { name.hasSuffix(".jpg") }

    /// The samples a reader must deliver.
    func samples() throws -> Image.Samples {
      let raw = try Fixtures.bytes(name + ".raw")
      if depth == 8 { return .bits8(raw) }
      return .bits16(
        stride(from: 0, to: raw.count, by: 2).map { UInt16(raw[$0]) | UInt16(raw[$0 + 1]) << 8 })
    }
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/images").path

  static func path(_ name: String) -> String { folder + "/" + name }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  static let pictures: [Expected] = {
    let listing = (try? String(contentsOfFile: path("expected.txt"), encoding: .utf8)) ?? ""
    return listing.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      let numbers = fields.dropFirst().compactMap { Int($0) }
      guard numbers.count == 4, let model = Image.ColorModel(rawValue: numbers[2]) else {
        return nil
      }
      return Expected(
        name: String(fields[0]), width: numbers[0], height: numbers[1], colorModel: model,
        depth: numbers[3])
    }
  }()

  /// Those that no build reads.
  static let damaged = allDamaged.filter {
    !(TIFFCodec.isAvailable && $0 == "foreign-tiff.png")
      && !(WebPCodec.isAvailable && $0 == "foreign-webp.png")
  }

  static let allDamaged: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: path("damaged"))) ?? []).sorted()
}

extension Image {
  /// All samples as numbers.
  var values: [Int] {
    switch samples {
    case .bits8(let s): s.map(Int.init)
    case .bits16(let s): s.map(Int.init)
    }
  }

  /// The largest difference to the samples of a picture of the same shape.
  func largestDifference(to other: Image) -> Int {
    zip(values, other.values).map { abs($0 - $1) }.max() ?? 0
  }
}
