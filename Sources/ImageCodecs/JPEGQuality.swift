import Files

/// The quality a JPEG was compressed with, from its quantisation tables (ITU-T T.81, annex B.2.4.1).
///
/// libjpeg scales the tables of T.81's annex K by 5000 / q per cent below quality 50 and by
/// 200 - 2q per cent from there on. Other encoders have tables of their own: their quality is that
/// of libjpeg's tables with the least sum of squared differences.
enum JPEGQuality {
  /// - Returns: 1...100; nil where no table for the first component stands before the first scan.
  static func read(from source: ByteSource) throws -> Int? {
    var tables: [Int: [Int]] = [:]
    var components: [Int] = []
    var offset = 2
    while true {
      let marker = try source.read(at: offset, count: 4)
      guard marker.count == 4 else { break }
      let code = marker[1]
      if marker[0] != 0xFF || code == 0xFF || code == 0 {
        offset += 1
        continue
      }
      if code == 0x01 || (0xD0...0xD8).contains(code) {
        offset += 2
        continue
      }
      let length = Int(marker[2]) << 8 | Int(marker[3])
      guard length >= 2, code != 0xD9, code != 0xDA else { break }
      switch code {
      case 0xDB:
        let content = try source.read(at: offset + 4, count: length - 2)
        tables.merge(Self.tables(in: content)) { $1 }
      case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
        let frame = try source.read(at: offset + 4, count: length - 2)
        // Six bytes, then identifier, sampling factors and table of every component.
        components = stride(from: 8, to: frame.count, by: 3).map { Int(frame[$0]) }
      default:
        break
      }
      offset += 2 + length
    }
    guard let first = components.first, let luma = tables[first] else { return nil }
    let second = components.count == 3 && components[1] != first ? components[1] : nil
    return nearest(luma: luma, chroma: second.flatMap { tables[$0] })
  }

  /// The quality whose tables are nearest, the higher of two that are equally near.
  ///
  /// - Parameters:
  ///   - luma: 64 steps in zigzag order.
  ///   - chroma: the same; nil where there is no chroma or it shares luma's table.
  static func nearest(luma: [Int], chroma: [Int]?) -> Int {
    func distance(_ table: [Int], _ standard: [Int], _ quality: Int) -> Int {
      zip(table, scaled(standard, quality: quality)).reduce(0) { sum, pair in
        sum + (pair.0 - pair.1) * (pair.0 - pair.1)
      }
    }
    var best = (quality: 100, distance: Int.max)
    for quality in stride(from: 100, through: 1, by: -1) {
      let sum =
        distance(luma, standardLuma, quality)
        + (chroma.map { distance($0, standardChroma, quality) } ?? 0)
      if sum < best.distance { best = (quality, sum) }
    }
    return best.quality
  }

  /// libjpeg's table, each step in 1...255.
  static func scaled(_ table: [Int], quality: Int) -> [Int] {
    let percent = quality < 50 ? 5000 / quality : 200 - 2 * quality
    return table.map { min(max(($0 * percent + 50) / 100, 1), 255) }
  }

  /// A segment's tables by number; what is cut off is left out.
  private static func tables(in content: [UInt8]) -> [Int: [Int]] {
    var found: [Int: [Int]] = [:]
    var offset = 0
    while offset < content.count {
      let is16Bit = content[offset] >> 4 != 0
      let number = Int(content[offset] & 15)
      let start = offset + 1
      offset = start + (is16Bit ? 128 : 64)
      guard offset <= content.count else { break }
      found[number] = (0..<64).map { index in
        is16Bit
          ? Int(content[start + 2 * index]) << 8 | Int(content[start + 2 * index + 1])
          : Int(content[start + index])
      }
    }
    return found
  }

  /// Tables K.1 and K.2 of T.81, in zigzag order.
  static let standardLuma = [
    16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40,
    26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51,
    56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87,
    95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
  ]
  static let standardChroma =
    [
      17, 18, 18, 24, 21, 24, 47, 26, 26, 47, 99, 66, 56, 66,
    ] + [Int](repeating: 99, count: 50)
}
