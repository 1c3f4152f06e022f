import Platform

/// Curves over one axis, as SVG without any script.
package struct LineChart: Hashable, Sendable {
  package struct Series: Hashable, Sendable {
    package var name: String
    /// In rising order of x.
    package var points: [Point]

    package init(_ name: String, _ points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  package struct Point: Hashable, Sendable {
    package var x: Double
    package var y: Double

    package init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  package var title: String
  /// What one reads off the chart, in a sentence.
  package var caption: String
  /// What the numbers upwards are, with their unit.
  package var yLabel: String
  package var xLabel: String
  package var series: [Series]
  /// Whether the axis has to show 0.
  package var showsZero = false

  package init(
    _ title: String, _ caption: String, y yLabel: String, x xLabel: String, _ series: [Series],
    showsZero: Bool = false
  ) {
    self.title = title
    self.caption = caption
    self.yLabel = yLabel
    self.xLabel = xLabel
    self.series = series.compactMap { series in
      let finite = series.points.filter { $0.x.isFinite && $0.y.isFinite }
      return finite.isEmpty ? nil : Series(series.name, finite)
    }
    self.showsZero = showsZero
  }

  package var isEmpty: Bool { series.isEmpty }

  /// In the chart's own unit, of which a pixel is about one on most screens.
  private static let size = (width: 460.0, height: 250.0)
  private static let margin = (left: 70.0, right: 12.0, top: 10.0, bottom: 40.0)
  /// Colors that the page's style has.
  static let colors = 7
  /// Points of a curve that are drawn; more are taken together.
  private static let mostPoints = 240
  /// Points up to which each has a mark that tells its numbers.
  private static let mostMarks = 60

  /// The chart with its title, its legend and its caption.
  var html: String {
    let legend = series.enumerated().map { index, series in
      let last = series.points.last.map { Figures.short($0.y) } ?? ""
      return "<span><i class=\"k c\(index % Self.colors)\"></i>\(HTML.escaped(series.name)) "
        + "<b>\(last)</b></span>"
    }
    return "<figure class=\"chart\"><h3>\(HTML.escaped(title))</h3>"
      + "<div class=\"legend\">\(legend.joined())</div>" + svg
      + "<figcaption>\(HTML.escaped(caption))</figcaption></figure>\n"
  }

  private var svg: String {
    let (size, margin) = (Self.size, Self.margin)
    let x = ChartAxis(series.flatMap { $0.points.map(\.x) }, isTight: true)
    let y = ChartAxis(shown + (showsZero ? [0] : []))
    let (width, height) = (
      size.width - margin.left - margin.right, size.height - margin.top - margin.bottom
    )
    func across(_ value: Double) -> Double { margin.left + width * x.share(value) }
    func down(_ value: Double) -> Double { margin.top + height * (1 - y.share(value)) }
    var parts: [String] = []
    for tick in y.ticks {
      let place = Self.coordinate(down(tick))
      parts.append(
        "<path class=\"g\" d=\"M\(Self.coordinate(margin.left)) \(place)h\(Self.coordinate(width))\"/>"
          + "<text x=\"\(Self.coordinate(margin.left - 6))\" y=\"\(place)\" dy=\".35em\" "
          + "text-anchor=\"end\">\(y.label(tick))</text>")
    }
    for tick in x.ticks {
      parts.append(
        "<text x=\"\(Self.coordinate(across(tick)))\" y=\"\(Self.coordinate(margin.top + height + 16))\" "
          + "text-anchor=\"middle\">\(x.label(tick))</text>")
    }
    parts.append(
      "<text class=\"l\" x=\"\(Self.coordinate(margin.left + width / 2))\" "
        + "y=\"\(Self.coordinate(size.height - 6))\" text-anchor=\"middle\">\(HTML.escaped(xLabel))</text>"
        + "<text class=\"l\" transform=\"translate(10 \(Self.coordinate(margin.top + height / 2))) "
        + "rotate(-90)\" text-anchor=\"middle\">\(HTML.escaped(yLabel))</text>")
    for (index, series) in series.enumerated() {
      let visible = series.points.thinned(to: Self.mostPoints)
      let places = visible.map {
        "\(Self.coordinate(across($0.x))) \(Self.coordinate(min(max(down($0.y), -1000), 2000)))"
      }
      let color = "c\(index % Self.colors)"
      parts.append("<path class=\"s \(color)\" d=\"M\(places.joined(separator: "L"))\"/>")
      guard visible.count <= Self.mostMarks else { continue }
      for point in visible where (y.low...y.high).contains(point.y) {
        parts.append(
          "<circle class=\"\(color)\" cx=\"\(Self.coordinate(across(point.x)))\" "
            + "cy=\"\(Self.coordinate(down(point.y)))\" r=\"2.4\"><title>\(HTML.escaped(series.name)), "
            + "\(HTML.escaped(xLabel)) \(Figures.short(point.x)): \(Figures.short(point.y))"
            + "</title></circle>")
      }
    }
    // What lies beyond the axis is cut off by the inner frame.
    return "<svg viewBox=\"0 0 \(Int(size.width)) \(Int(size.height))\" role=\"img\" "
      + "aria-label=\"\(HTML.escaped(title))\">"
      + parts.filter { !$0.contains("class=\"s ") }.joined()
      + "<svg x=\"\(Self.coordinate(margin.left))\" y=\"\(Self.coordinate(margin.top))\" "
      + "width=\"\(Self.coordinate(width))\" height=\"\(Self.coordinate(height))\" "
      + "viewBox=\"\(Self.coordinate(margin.left)) \(Self.coordinate(margin.top)) "
      + "\(Self.coordinate(width)) \(Self.coordinate(height))\">"
      + parts.filter { $0.contains("class=\"s ") }.joined() + "</svg></svg>"
  }

  /// The numbers that the axis has to hold: not those of a run's beginning, which may be so far off that
  /// nothing else could be told apart.
  private var shown: [Double] {
    let all = series.flatMap { $0.points.map(\.y) }
    let later = series.flatMap { $0.points.dropFirst(($0.points.count + 5) / 10).map(\.y) }
    guard let (low, high) = later.range, let whole = all.range else { return all }
    let room = 0.6 * max(high - low, 1e-12)
    return whole.low >= low - room && whole.high <= high + room ? all : later
  }

  private static func coordinate(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0
      ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }
}

extension [Double] {
  fileprivate var range: (low: Double, high: Double)? {
    guard let low = self.min(), let high = self.max() else { return nil }
    return (low, high)
  }
}

extension [LineChart.Point] {
  /// So many points at most: the means of neighbors, and the last one itself.
  func thinned(to most: Int) -> [LineChart.Point] {
    guard count > most, let last else { return self }
    let parts = most - 1
    return (0..<parts).map { part in
      let range = self[part * (count - 1) / parts..<(part + 1) * (count - 1) / parts]
      let sum = range.reduce((0.0, 0.0)) { ($0.0 + $1.x, $0.1 + $1.y) }
      return LineChart.Point(sum.0 / Double(range.count), sum.1 / Double(range.count))
    } + [last]
  }
}
