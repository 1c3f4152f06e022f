/// How many pixels a length holds, or, where a file gives no length, only their ratio: PNG's pHYs
/// chunk (third edition, section 11.3.5.3) and JPEG's JFIF header (ITU-T T.871, section 10.1).
package struct Resolution: Hashable, Sendable {
  package enum Unit: Hashable, Sendable {
    case inch
    case centimeter
    case meter
    /// The numbers tell the shape of a pixel only.
    case none
  }

  /// Pixels per unit from left to right, more than 0 and below 10^10.
  package var horizontal: Double
  /// Pixels per unit from top to bottom, likewise.
  package var vertical: Double
  package var unit: Unit

  /// nil where a number is 0 or less, which says nothing, or beyond all sense.
  package init?(horizontal: Double, vertical: Double, unit: Unit) {
    guard horizontal > 0, vertical > 0, horizontal < 1e10, vertical < 1e10 else { return nil }
    self.horizontal = horizontal
    self.vertical = vertical
    self.unit = unit
  }

  /// As it is after columns have become rows.
  var transposed: Resolution {
    var turned = self
    swap(&turned.horizontal, &turned.vertical)
    return turned
  }

  /// As whole numbers; nil where one is 0 then.
  var whole: (horizontal: Int, vertical: Int)? {
    let (across, down) = (Int(horizontal.rounded()), Int(vertical.rounded()))
    return across > 0 && down > 0 ? (across, down) : nil
  }

  /// In PNG's unit, a meter, rounded: 72 pixels an inch are 2835 a meter.
  var perMeter: Resolution {
    switch unit {
    case .inch: scaled(by: 1 / 0.0254, to: .meter)
    case .centimeter: scaled(by: 100, to: .meter)
    case .meter, .none: self
    }
  }

  /// In one of JPEG's units, rounded: inches, since what was given in inches comes back so.
  var perInch: Resolution { unit == .meter ? scaled(by: 0.0254, to: .inch) : self }

  private func scaled(by factor: Double, to unit: Unit) -> Resolution {
    var scaled = self
    scaled.horizontal = max(1, (horizontal * factor).rounded())
    scaled.vertical = max(1, (vertical * factor).rounded())
    scaled.unit = unit
    return scaled
  }
}
