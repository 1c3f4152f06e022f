/// How much of each of several things is in use, as bars.
package struct ShareChart: Hashable, Sendable {
  package struct Row: Hashable, Sendable {
    package let name: String
    package let part: Int
    package let whole: Int

    package init(_ name: String, _ part: Int, of whole: Int) {
      self.name = name
      self.part = part
      self.whole = whole
    }
  }

  package var title: String
  package var caption: String
  package var rows: [Row]

  package init(_ title: String, _ caption: String, _ rows: [Row]) {
    self.title = title
    self.caption = caption
    self.rows = rows
  }

  var html: String {
    let bars = rows.map { row in
      let share = row.whole > 0 ? 100 * Double(row.part) / Double(row.whole) : 0
      return "<div class=\"bar\"><span>\(HTML.escaped(row.name))</span><span class=\"track\">"
        + "<span style=\"width:\(Int(share.rounded()))%\"></span></span>"
        + "<span>\(Figures.number(Double(row.part), 0)) of \(Figures.number(Double(row.whole), 0))"
        + "</span></div>"
    }
    return "<figure class=\"chart\"><h3>\(HTML.escaped(title))</h3>" + bars.joined()
      + "<figcaption>\(HTML.escaped(caption))</figcaption></figure>\n"
  }
}
