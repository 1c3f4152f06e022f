/// Colours for numbers from low to high.
public enum ColourMap: String, CaseIterable, Sendable {
  /// Near black over violet, red and orange to pale yellow: lightness rises all the way, and
  /// neighbouring colours are equally far apart in OKLab (Ottosson 2020).
  case heat
  /// Black to white, equally spaced in OKLab's lightness.
  case grey

  public struct Colour: Hashable, Sendable {
    public let red: UInt8
    public let green: UInt8
    public let blue: UInt8
  }

  /// 256 colours in sRGB, from low to high.
  public func colours() -> [Colour] { even(256).map(\.colour) }

  /// Through which the colours pass: lightness, chroma, hue in degrees.
  private var stops: [OKLab] {
    switch self {
    case .heat:
      [
        OKLab(0.16, 0.06, 280), OKLab(0.33, 0.15, 300), OKLab(0.50, 0.18, 345),
        OKLab(0.66, 0.17, 35), OKLab(0.81, 0.15, 75), OKLab(0.96, 0.09, 105),
      ]
    case .grey:
      [OKLab(0, 0, 0), OKLab(1, 0, 0)]
    }
  }

  /// Colours at equal distances along the Catmull-Rom curve through the stops.
  func even(_ count: Int) -> [OKLab] {
    let stops = stops
    let fine = 2048
    let curve = (0...fine).map { step in
      Self.curve(stops, at: Float(step) / Float(fine) * Float(stops.count - 1))
    }
    var lengths: [Float] = [0]
    for index in 1..<curve.count {
      lengths.append(lengths[index - 1] + curve[index].distance(to: curve[index - 1]))
    }
    var segment = 0
    return (0..<count).map { index in
      let length = lengths[fine] * Float(index) / Float(max(count - 1, 1))
      while segment < fine - 1, lengths[segment + 1] < length { segment += 1 }
      let span = lengths[segment + 1] - lengths[segment]
      let position = span > 0 ? min((length - lengths[segment]) / span, 1) : 0
      let (a, b) = (curve[segment].values, curve[segment + 1].values)
      return OKLab(values: a + position * (b - a))
    }
  }

  private static func curve(_ stops: [OKLab], at place: Float) -> OKLab {
    let index = min(Int(place), stops.count - 2)
    let t = place - Float(index)
    let (b, c) = (stops[index].values, stops[index + 1].values)
    // Beyond the ends the curve goes straight on.
    let a = index > 0 ? stops[index - 1].values : 2 * b - c
    let d = index + 2 < stops.count ? stops[index + 2].values : 2 * c - b
    let linear = t * (c - a)
    let quadratic = t * t * (2 * a - 5 * b + 4 * c - d)
    let cubic = t * t * t * (3 * b - a - 3 * c + d)
    return OKLab(values: b + 0.5 * (linear + quadratic + cubic))
  }
}

/// A colour in OKLab.
struct OKLab {
  /// Lightness, green to red, blue to yellow.
  let values: SIMD3<Float>

  init(values: SIMD3<Float>) { self.values = values }

  init(_ lightness: Float, _ chroma: Float, _ hue: Float) {
    let angle = hue * Float.pi / 180
    values = [lightness, chroma * cosine(angle), chroma * cosine(angle - Float.pi / 2)]
  }

  func distance(to other: OKLab) -> Float {
    let difference = values - other.values
    return (difference * difference).sum().squareRoot()
  }

  /// Linear sRGB.
  var light: SIMD3<Float> {
    let (a, b) = (values.y, values.z)
    let long = values.x + 0.396_337_78 * a + 0.215_803_76 * b
    let medium = values.x - 0.105_561_346 * a - 0.063_854_17 * b
    let short = values.x - 0.089_484_18 * a - 1.291_485_5 * b
    let cones = SIMD3<Float>(long, medium, short)
    let cubes = cones * cones * cones
    let red = SIMD3<Float>(4.076_741_7, -3.307_711_6, 0.230_969_94)
    let green = SIMD3<Float>(-1.268_438, 2.609_757_4, -0.341_319_4)
    let blue = SIMD3<Float>(-0.004_196_086_3, -0.703_418_6, 1.707_614_7)
    return [(red * cubes).sum(), (green * cubes).sum(), (blue * cubes).sum()]
  }

  var colour: ColourMap.Colour {
    func encoded(_ light: Float) -> UInt8 {
      let x = min(max(light, 0), 1)
      let level = x <= 0.003_130_8 ? 12.92 * x : 1.055 * power(x, 1 / 2.4) - 0.055
      return UInt8((min(max(level, 0), 1) * 255).rounded())
    }
    let light = light
    return ColourMap.Colour(
      red: encoded(light.x), green: encoded(light.y), blue: encoded(light.z))
  }
}
