import ImageCodecs
import Pictures
import Tensors

/// Pictures with a title and a sentence on what they show.
package struct PictureFigure: Hashable, Sendable {
  /// A picture that may be made of several.
  package struct Item: Hashable, Sendable {
    /// `[C, H, W]` in [0, 1].
    package let pixels: Tensor
    /// The shorter side of the pictures that it is made of, in pixels.
    package let cell: Int
    /// Stands beside it; empty for nothing.
    package var label: String
    /// What stands in its place where it cannot be seen.
    package var alternative: String

    /// - Parameter isColumn: whether the pictures stand one below another.
    package init(
      _ pictures: [Tensor], isColumn: Bool, label: String = "", alternative: String
    ) throws {
      let sheet = Sheet(
        columns: isColumn ? 1 : pictures.count, rows: isColumn ? pictures.count : 1, gap: 1)
      pixels = try sheet.composed(pictures.map { Picture(pixels: $0) }).pixels
      cell = pictures.map { min($0.shape[1], $0.shape[2]) }.min() ?? 1
      self.label = label
      self.alternative = alternative
    }

    /// One picture.
    package init(pixels: Tensor, cell: Int, label: String = "", alternative: String) {
      self.pixels = pixels
      self.cell = cell
      self.label = label
      self.alternative = alternative
    }
  }

  package var title: String
  package var caption: String
  package var items: [Item]
  /// Whether each item has a line of its own.
  package var isList: Bool

  package init(_ title: String, _ caption: String, _ items: [Item], isList: Bool = false) {
    self.title = title
    self.caption = caption
    self.items = items
    self.isList = isList
  }

  /// On a screen a picture's shorter side is shown about so large, in pixels.
  private static let shownSide = 88.0

  /// The figure with its pictures as PNG in data URIs.
  ///
  /// - Parameter scale: of the pictures, at most 1, where a page would be too large.
  func html(scale: Double) throws -> String {
    let images = try items.map { item in
      let (height, width) = (item.pixels.shape[1], item.pixels.shape[2])
      let (smallHeight, smallWidth) = (
        max(1, Int(Double(height) * scale)), max(1, Int(Double(width) * scale))
      )
      let pixels =
        scale < 1 ? item.pixels.resized(width: smallWidth, height: smallHeight) : item.pixels
      let image = Picture(pixels: pixels).image(depth: 8)
      let bytes = try ImageWriter.encode(
        image, format: .png, options: EncodingOptions(pngCompression: 9), name: title)
      let factor = max(1, (Self.shownSide / Double(item.cell)).rounded())
      let label = item.label.isEmpty ? "" : "<span>\(HTML.escaped(item.label))</span>"
      return
        "<div>\(label)<img\(factor > 1 ? " class=\"p\"" : "") alt=\"\(HTML.escaped(item.alternative))\" "
        + "width=\"\(Int(Double(width) * factor))\" height=\"\(Int(Double(height) * factor))\" "
        + "src=\"data:image/png;base64,\(HTML.base64(bytes))\"></div>"
    }
    return "<figure><h3>\(HTML.escaped(title))</h3>"
      + "<figcaption>\(HTML.escaped(caption))</figcaption>"
      + "<div class=\"\(isList ? "list" : "row")\">\(images.joined())</div></figure>\n"
  }
}
