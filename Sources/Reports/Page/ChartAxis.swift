import Platform

/// An axis of a chart: its range and the round numbers on it.
struct ChartAxis {
  let low: Double
  let high: Double
  let ticks: [Double]

  /// - Parameters:
  ///   - values: what has to lie on it; finite.
  ///   - wanted: ticks, about.
  ///   - isTight: whether the range is that of the values, not that of round numbers around them.
  init(_ values: [Double], ticks wanted: Int = 5, isTight: Bool = false) {
    var (low, high) = (values.min() ?? 0, values.max() ?? 1)
    if high - low < 1e-9 * max(abs(high), abs(low), 1e-6) {
      let room = max(abs(high) * 0.05, 1e-6)
      (low, high) = (low - (isTight ? 0 : room), high + room)
    }
    let rough = (high - low) / Double(wanted)
    let power = pow(10, log10(rough).rounded(.down))
    let step = [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? 10 * power
    let (first, last) = ((low / step).rounded(.down), (high / step).rounded(.up))
    if !isTight { (low, high) = (first * step, last * step) }
    self.low = low
    self.high = high
    ticks = stride(from: first, through: last, by: 1).map { $0 * step }
      .filter { $0 >= low - 1e-9 * (high - low) && $0 <= high + 1e-9 * (high - low) }
    let digits = max(0, Int((-log10(step * 1.000_001)).rounded(.up)))
    let isWhole =
      abs(step * pow(10, Double(digits)) - (step * pow(10, Double(digits))).rounded()) < 1e-6
    places = isWhole ? digits : digits + 1
  }

  /// Decimals that tell the ticks apart.
  private let places: Int

  /// Of 0 at the low end to 1 at the high one.
  func share(_ value: Double) -> Double { (value - low) / (high - low) }

  func label(_ tick: Double) -> String {
    places > 5 ? (tick == 0 ? "0" : Figures.short(tick)) : Figures.number(tick, places)
  }
}
