import Platform
import Tensors

/// Numbers as colors that people can read.
///
/// Equal steps look equally large: lightness rises evenly from dark to bright, while the hue turns
/// from blue over red to yellow, in the space OKLab, which was made to be perceptually even
/// (Ottosson 2020). Read without color, it is still in order.
package enum ColorMap {
  /// Standard deviations as a picture.
  ///
  /// - Parameter deviation: `[1, H, W]`.
  /// - Returns: `[3, H, W]` in [0, 1], and the deviation that the brightest color stands for: the
  ///   99.5th percentile, so that a few outliers do not darken the rest.
  package static func uncertainty(_ deviation: Tensor) -> (pixels: Tensor, largest: Float) {
    let sorted = deviation.elements.sorted()
    let place = Int((0.995 * Float(sorted.count - 1)).rounded())
    let largest = sorted.isEmpty ? 0 : sorted[place]
    let area = deviation.elements.count
    let table = (0...255).map { color(Float($0) / 255) }
    var pixels = [Float](repeating: 0, count: 3 * area)
    for (pixel, value) in deviation.elements.enumerated() {
      let share = largest > 0 ? min(max(value / largest, 0), 1) : 0
      let color = table[Int((share * 255).rounded())]
      for channel in 0..<3 { pixels[channel * area + pixel] = color[channel] }
    }
    return (Tensor([3, deviation.shape[1], deviation.shape[2]], pixels), largest)
  }

  /// Red, green and blue, in [0, 1] and with sRGB's transfer curve, of a number in 0...1.
  static func color(_ number: Float) -> [Float] {
    let lightness = 0.12 + 0.83 * number
    // From blue (264 degrees) on through magenta, red and orange to yellow (470 = 110 degrees).
    let hue = (264 + 206 * number) * Float.pi / 180
    let chroma = 0.04 + 0.14 * sinf(Float.pi * min(max(number, 0), 1))
    return linear(lightness, chroma * cosf(hue), chroma * sinf(hue)).map { light in
      let light = min(max(light, 0), 1)
      return light <= 0.003_130_8 ? 12.92 * light : 1.055 * powf(light, 1 / 2.4) - 0.055
    }
  }

  /// From OKLab to linear red, green and blue.
  private static func linear(_ lightness: Float, _ a: Float, _ b: Float) -> [Float] {
    func cube(_ x: Float) -> Float { x * x * x }
    let long = cube(lightness + 0.396_337_78 * a + 0.215_803_76 * b)
    let medium = cube(lightness - 0.105_561_35 * a - 0.063_854_17 * b)
    let short = cube(lightness - 0.089_484_18 * a - 1.291_485_5 * b)
    return [
      4.076_741_7 * long - 3.307_711_6 * medium + 0.230_969_93 * short,
      -1.268_438 * long + 2.609_757_4 * medium - 0.341_319_4 * short,
      -0.004_196_086 * long - 0.703_418_6 * medium + 1.707_614_7 * short,
    ]
  }
}
