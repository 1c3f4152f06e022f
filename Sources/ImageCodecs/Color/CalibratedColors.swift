import Platform

extension Image {
  /// The picture in sRGB's colors (IEC 61966-2-1), for a format that cannot say that it has others: by
  /// what cICP, or gAMA and cHRM, tell. A picture that tells nothing, has a profile, or is in sRGB stays as it is.
  func inSRGB() -> Image {
    // Where there are a profile and code points, they mean the same colors, and the profile can be kept.
    guard metadata.iccProfile == nil else { return self }
    let conversion =
      metadata.codePoints.flatMap(CodePoints.init)?.conversion(
        isGray: colorModel.colorChannels == 1)
      ?? (metadata.codePoints == nil ? metadata.calibration.flatMap(SRGBConversion.init) : nil)
    guard let conversion else { return self }
    var converted = self
    switch samples {
    case .bits8(let s): converted.samples = .bits8(conversion.converted(s, colorModel))
    case .bits16(let s): converted.samples = .bits16(conversion.converted(s, colorModel))
    }
    converted.metadata.calibration = nil
    converted.metadata.codePoints = nil
    return converted
  }
}

/// From the colors that a PNG file describes to sRGB's.
struct SRGBConversion {
  /// From samples to light: 1 is white.
  private let curve: Curve
  /// Whether black is 16 and white 235 of 8 bits.
  private let isNarrow: Bool
  /// From light in the file's primaries to light in sRGB's, row by row; nil where they are the same.
  private let matrix: [Double]?

  enum Curve: Hashable {
    case sRGB
    /// The exponent from light to samples.
    case gamma(Double)
    /// SMPTE ST 2084 and the hybrid log-gamma of ITU-R BT.2100-2, whose white is that of BT.2408-7: 203 cd/m2.
    /// Brighter light is clipped.
    case perceptualQuantizer, hybridLogGamma

    func light(_ value: Double) -> Double {
      switch self {
      case .sRGB: return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
      case .gamma(let gamma): return pow(value, 1 / gamma)
      case .perceptualQuantizer:
        let power = pow(value, 32 / 2523.0)
        let ratio = max(power - 3424 / 4096.0, 0) / (2413 / 128.0 - 2392 / 128.0 * power)
        return pow(ratio, 8192 / 1305.0) * 10_000 / 203
      case .hybridLogGamma:
        let a = 0.17883277
        let scene =
          value <= 0.5
          ? value * value / 3 : (exp((value - 0.5 + a * log(4 * a)) / a) + 1 - 4 * a) / 12
        // Of a display of 1000 cd/m2, channel by channel.
        return pow(scene, 1.2) * 1000 / 203
      }
    }
  }

  /// nil where nothing has to be done.
  ///
  /// - Parameter chromaticities: x and y of white, red, green and blue, times 100,000; nil for sRGB's.
  init?(curve: Curve, isNarrow: Bool, chromaticities: [Int32]?) {
    self.curve = curve
    self.isNarrow = isNarrow
    matrix = chromaticities.flatMap(Self.matrix)
    if curve == .sRGB && !isNarrow && matrix == nil { return nil }
  }

  /// nil where nothing has to be done.
  init?(_ calibration: ColorCalibration) {
    guard calibration.renderingIntent == nil else { return nil }
    // 1/2.2 is what sRGB's curve is said to be in this chunk.
    let gamma = calibration.gamma.flatMap { $0 > 0 && abs(Int($0) - 45_455) > 500 ? $0 : nil }
    self.init(
      curve: gamma.map { .gamma(Double($0) / 1e5) } ?? .sRGB, isNarrow: false,
      chromaticities: calibration.chromaticities)
  }

  func converted<Sample: FixedWidthInteger & UnsignedInteger>(
    _ samples: [Sample], _ model: Image.ColorModel
  ) -> [Sample] {
    let largest = Double(Sample.max)
    let unit = Double(1 << (Sample.bitWidth - 8))
    let light = (0...Int(Sample.max)).map { sample in
      let narrow = (Double(sample) / unit - 16) / 219
      return curve.light(isNarrow ? min(max(narrow, 0), 1) : Double(sample) / largest)
    }
    func sample(_ light: Double) -> Sample {
      Sample(truncatingIfNeeded: Int((Self.encoded(min(max(light, 0), 1)) * largest).rounded()))
    }
    var result = samples
    let channels = model.channels
    guard let matrix, model.colorChannels == 3 else {
      let table = light.map(sample)
      for start in stride(from: 0, to: samples.count, by: channels) {
        for place in start..<start + model.colorChannels {
          result[place] = table[Int(samples[place])]
        }
      }
      return result
    }
    for start in stride(from: 0, to: samples.count, by: channels) {
      let pixel = (start..<start + 3).map { light[Int(samples[$0])] }
      for row in 0..<3 {
        result[start + row] = sample(Self.row(row, of: matrix, times: pixel))
      }
    }
    return result
  }

  private static func encoded(_ light: Double) -> Double {
    light <= 0.0031308 ? light * 12.92 : 1.055 * pow(light, 1 / 2.4) - 0.055
  }

  /// White, red, green and blue of sRGB, x and y times 100,000.
  private static let standard: [Int32] = [
    31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000,
  ]

  /// nil where the primaries are sRGB's but for rounding, or describe no colors.
  private static func matrix(_ chromaticities: [Int32]) -> [Double]? {
    guard chromaticities.count == 8,
      zip(chromaticities, standard).contains(where: { abs(Int($0) - Int($1)) > 200 }),
      let source = toXYZ(chromaticities), let target = toXYZ(standard).flatMap(inverse),
      let adaptation = adaptation(from: chromaticities, to: standard)
    else { return nil }
    return product(target, product(adaptation, source))
  }

  private static func white(_ c: [Int32]) -> [Double]? {
    guard c[1] > 0 else { return nil }
    let (x, y) = (Double(c[0]) / 1e5, Double(c[1]) / 1e5)
    return [x / y, 1, (1 - x - y) / y]
  }

  /// Columns are the primaries, scaled so that they make up white (Lindbloom's derivation).
  private static func toXYZ(_ c: [Int32]) -> [Double]? {
    guard let white = white(c) else { return nil }
    var columns = [Double](repeating: 0, count: 9)
    for primary in 0..<3 {
      let (x, y) = (Double(c[2 + 2 * primary]) / 1e5, Double(c[3 + 2 * primary]) / 1e5)
      columns[primary] = x
      columns[3 + primary] = y
      columns[6 + primary] = 1 - x - y
    }
    guard let inverse = inverse(columns) else { return nil }
    for primary in 0..<3 {
      let scale = Self.row(primary, of: inverse, times: white)
      for row in 0..<3 { columns[3 * row + primary] *= scale }
    }
    return columns
  }

  /// Bradford's, from one white to another.
  private static func adaptation(from: [Int32], to: [Int32]) -> [Double]? {
    let bradford = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296]
    guard let source = white(from), let target = white(to), let back = inverse(bradford) else {
      return nil
    }
    var scaled = bradford
    for row in 0..<3 {
      let (s, t) = (
        Self.row(row, of: bradford, times: source), Self.row(row, of: bradford, times: target)
      )
      guard abs(s) > 1e-9 else { return nil }
      for column in 0..<3 { scaled[3 * row + column] *= t / s }
    }
    return product(back, scaled)
  }

  private static func row(_ row: Int, of m: [Double], times vector: [Double]) -> Double {
    m[3 * row] * vector[0] + m[3 * row + 1] * vector[1] + m[3 * row + 2] * vector[2]
  }

  private static func product(_ a: [Double], _ b: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: 9)
    for row in 0..<3 {
      for column in 0..<3 {
        for place in 0..<3 {
          result[3 * row + column] += a[3 * row + place] * b[3 * place + column]
        }
      }
    }
    return result
  }

  /// nil where there is none.
  private static func inverse(_ m: [Double]) -> [Double]? {
    func minor(_ row: Int, _ column: Int) -> Double {
      let (r, s) = ((row + 1) % 3, (row + 2) % 3)
      let (c, d) = ((column + 1) % 3, (column + 2) % 3)
      return m[3 * r + c] * m[3 * s + d] - m[3 * r + d] * m[3 * s + c]
    }
    let determinant = m[0] * minor(0, 0) + m[1] * minor(0, 1) + m[2] * minor(0, 2)
    guard abs(determinant) > 1e-9 else { return nil }
    return (0..<9).map { minor($0 % 3, $0 / 3) / determinant }
  }
}
