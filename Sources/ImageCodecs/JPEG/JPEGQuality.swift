/// The quality that a JPEG file was coded with, on the scale of libjpeg.
enum JPEGQuality {
  /// The luminance table of ITU-T T.81, table K.1, which stands for quality 50.
  private static let standard: [Int] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
  ]

  /// The table of a quality, row by row from the lowest frequency: the standard one times 50 / q
  /// below 50 and times 2 - q / 50 from there on, within 1...255.
  static func table(_ quality: Int) -> [Int] {
    let percent = quality < 50 ? 5000 / quality : 200 - 2 * quality
    return standard.map { min(max(($0 * percent + 50) / 100, 1), 255) }
  }

  /// The quality whose table is nearest in the least-squares sense: exact for libjpeg's tables, and
  /// what comes closest for those of other encoders.
  ///
  /// - Parameter quantization: 64 steps, row by row from the lowest frequency.
  static func nearest(to quantization: [UInt16]) -> Int {
    func distance(_ quality: Int) -> Int {
      zip(table(quality), quantization).reduce(0) { sum, pair in
        let difference = pair.0 - Int(pair.1)
        return sum + difference * difference
      }
    }
    return (1...100).min { distance($0) < distance($1) } ?? 100
  }
}
