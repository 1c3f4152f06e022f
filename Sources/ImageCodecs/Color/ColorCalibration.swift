/// What a PNG file without a color profile says of its colors (third edition, section 11.3.2).
package struct ColorCalibration: Hashable, Sendable {
  /// sRGB chunk: 0...3. It stands above the other two.
  package var renderingIntent: Int?
  /// gAMA chunk: the exponent from light to samples times 100,000.
  package var gamma: UInt32?
  /// cHRM chunk: x and y of the white point, red, green and blue, times 100,000.
  package var chromaticities: [Int32]?

  package init(renderingIntent: Int? = nil, gamma: UInt32? = nil, chromaticities: [Int32]? = nil) {
    self.renderingIntent = renderingIntent
    self.gamma = gamma
    self.chromaticities = chromaticities
  }

  var isEmpty: Bool { renderingIntent == nil && gamma == nil && chromaticities == nil }
}
