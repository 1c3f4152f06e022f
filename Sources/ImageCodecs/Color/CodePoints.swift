/// What a cICP chunk says of a picture's colors, by the tables of ITU-T H.273.
struct CodePoints {
  private let primaries: UInt8
  private let transfer: UInt8
  private let isNarrow: Bool

  /// nil where the numbers are no chunk's: a PNG file holds red, green and blue, matrix 0.
  init?(_ numbers: [UInt8]) {
    guard numbers.count == 4, numbers[2] == 0, numbers[3] <= 1 else { return nil }
    (primaries, transfer, isNarrow) = (numbers[0], numbers[1], numbers[3] == 0)
  }

  /// To sRGB; nil where nothing has to be done, or the tables name no colors.
  func conversion(isGray: Bool) -> SRGBConversion? {
    let curve: SRGBConversion.Curve
    switch transfer {
    // Those of television are shown as sRGB's is, but for what their cameras do near black.
    case 1, 4, 6, 13, 14, 15: curve = .sRGB
    case 5: curve = .gamma(1 / 2.8)
    case 8: curve = .gamma(1)
    case 16: curve = .perceptualQuantizer
    case 18: curve = .hybridLogGamma
    default: return nil
    }
    return SRGBConversion(
      curve: curve, isNarrow: isNarrow,
      chromaticities: isGray ? nil : Self.chromaticities[primaries])
  }

  /// x and y of white, red, green and blue, times 100,000 (H.273, table 2).
  private static let chromaticities: [UInt8: [Int32]] = [
    1: [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000],
    4: [31_000, 31_600, 67_000, 33_000, 21_000, 71_000, 14_000, 8_000],
    5: [31_270, 32_900, 64_000, 33_000, 29_000, 60_000, 15_000, 6_000],
    6: [31_270, 32_900, 63_000, 34_000, 31_000, 59_500, 15_500, 7_000],
    7: [31_270, 32_900, 63_000, 34_000, 31_000, 59_500, 15_500, 7_000],
    9: [31_270, 32_900, 70_800, 29_200, 17_000, 79_700, 13_100, 4_600],
    11: [31_400, 35_100, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000],
    12: [31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000],
    22: [31_270, 32_900, 63_000, 34_000, 29_500, 60_500, 15_500, 7_700],
  ]
}
