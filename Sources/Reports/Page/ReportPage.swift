/// A page that shows how a model does: values in, HTML out. It holds all its pictures and asks for nothing,
/// no script and no other file.
package struct ReportPage: Hashable, Sendable {
  /// A number that is worth a look of its own.
  package struct Fact: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package enum Figure: Hashable, Sendable {
    case chart(LineChart)
    case shares(ShareChart)
    case pictures(PictureFigure)
    /// Pictures that have been made into HTML before.
    case made(PictureHTML)
  }

  /// Figures of pictures as they stand in a page: to be made once, where the page around them changes often.
  package struct PictureHTML: Hashable, Sendable {
    fileprivate let text: String

    /// - Throws: `ImageError` where a picture cannot be encoded.
    package init(_ figures: [PictureFigure]) throws {
      var text = ""
      for scale in [1, 0.75, 0.5, 0.35] {
        text = try figures.map { try $0.html(scale: scale) }.joined()
        if text.utf8.count <= ReportPage.mostPictures { break }
      }
      self.text = text
    }
  }

  package struct Section: Hashable, Sendable {
    package var title: String
    package var figures: [Figure]

    package init(_ title: String, _ figures: [Figure]) {
      self.title = title
      self.figures = figures
    }
  }

  package var title: String
  /// What the page says at once.
  package var verdict: RunVerdict?
  package var facts: [Fact] = []
  package var sections: [Section] = []
  /// What it is made of and by.
  package var footer = ""
  /// After how many seconds a browser reads it again; nil for a page that does not change any more.
  package var refreshSeconds: Int?

  package init(title: String) { self.title = title }

  /// Bytes of a page's pictures above which they are made smaller: a page comes over a slow link too.
  package static let mostPictures = 850_000

  /// The page as a file.
  ///
  /// - Throws: `ImageError` where a picture cannot be encoded.
  package func html() throws -> String {
    var text = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    text += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    text += "<meta http-equiv=\"Content-Security-Policy\" "
    text += "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n"
    text += "<meta name=\"color-scheme\" content=\"light dark\">\n"
    if let refreshSeconds {
      text += "<meta http-equiv=\"refresh\" content=\"\(refreshSeconds)\">\n"
    }
    // An icon of its own: a browser would ask for one otherwise.
    text += "<link rel=\"icon\" href=\"data:,\">\n"
    text += "<title>\(HTML.escaped(title))</title>\n<style>\n\(PageStyle.text)</style>\n</head>\n"
    text += "<body>\n<main>\n<h1>\(HTML.escaped(title))</h1>\n"
    if let verdict {
      text += "<p class=\"verdict \(verdict.state.rawValue)\">\(HTML.escaped(verdict.words))</p>\n"
    }
    if !facts.isEmpty {
      let items = facts.map {
        "<div><dt>\(HTML.escaped($0.name))</dt><dd>\(HTML.escaped($0.value))</dd></div>"
      }
      text += "<dl>\(items.joined())</dl>\n"
    }
    for section in sections where !section.figures.isEmpty {
      text += "<section>\n<h2>\(HTML.escaped(section.title))</h2>\n"
      let figures = try section.figures.map { figure in
        switch figure {
        case .chart(let chart): chart.html
        case .shares(let chart): chart.html
        case .pictures(let pictures): try PictureHTML([pictures]).text
        case .made(let pictures): pictures.text
        }
      }
      let hasCharts = section.figures.contains {
        switch $0 {
        case .chart, .shares: true
        case .pictures, .made: false
        }
      }
      text += "<div class=\"\(hasCharts ? "charts" : "sheets")\">\n\(figures.joined())</div>\n"
      text += "</section>\n"
    }
    if !footer.isEmpty { text += "<footer>\(HTML.escaped(footer))</footer>\n" }
    return text + "</main>\n</body>\n</html>\n"
  }
}
