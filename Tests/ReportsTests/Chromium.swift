import Foundation
import Testing

/// A browser without a window, where one is installed.
enum Chromium {
  static let path: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return ["chromium", "chromium-browser", "google-chrome"].lazy.flatMap { name in
      folders.lazy.map { "\($0)/\(name)" }
    }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// What a page is like in a frame of some width.
  struct View: Decodable {
    let width: Int
    /// Pixels that lie beyond the frame.
    let overflow: Int
    let pictures: Int
    /// Pictures that do not show.
    let missing: Int
    let background: [Int]
    let text: [Int]
    /// Texts that are smaller than can be read.
    let small: Int
  }

  struct Visit {
    let isDark: Bool
    let views: [View]
    /// What the browser has to complain of.
    let complaints: [String]
  }

  /// Opens a page in frames of 400 and 1600 pixels.
  static func visit(_ page: String, isDark: Bool) throws -> Visit {
    let folder = try Scratch()
    try Data(page.utf8).write(to: folder.url("page.html"))
    try Data(harness.utf8).write(to: folder.url("harness.html"))
    let errors = folder.url("errors")
    let output = folder.url("output")
    for url in [errors, output] { try Data().write(to: url) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(path))
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
      "--user-data-dir=\(folder.url("user").path)", "--enable-logging=stderr",
      "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)", "--dump-dom",
      folder.url("harness.html").absoluteString,
    ]
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
    let start = try #require(text.range(of: "RESULT:"), "\(text.suffix(400))")
    let end = try #require(text.range(of: ":END"))
    struct Result: Decodable {
      let dark: Bool
      let views: [View]
    }
    let result = try JSONDecoder().decode(
      Result.self, from: Data(text[start.upperBound..<end.lowerBound].utf8))
    let lines = String(decoding: try Data(contentsOf: errors), as: UTF8.self).split(separator: "\n")
    return Visit(
      isDark: result.dark, views: result.views,
      complaints: lines.filter { $0.contains("CONSOLE") }.map(String.init))
  }

  /// Looks into the frames from outside: the page itself runs no script.
  private static let harness = """
    <!DOCTYPE html><html><head><link rel="icon" href="data:,"></head><body>
    <iframe src="page.html" width="400" height="900"></iframe>
    <iframe src="page.html" width="1600" height="900"></iframe><pre id="result"></pre><script>
    const numbers = color => color.match(/[0-9]+/g).map(Number);
    onload = () => {
      const views = [...document.querySelectorAll('iframe')].map(frame => {
        const page = frame.contentDocument, root = page.documentElement;
        const style = getComputedStyle(page.body);
        const texts = [...page.querySelectorAll('text, p, dt, dd, figcaption, span, h3')];
        return {
          width: Number(frame.width), overflow: root.scrollWidth - root.clientWidth,
          pictures: page.images.length,
          missing: [...page.images].filter(i => !i.complete || i.naturalWidth === 0).length,
          background: numbers(style.backgroundColor), text: numbers(style.color),
          small: texts.filter(t => t.textContent.trim() !== '' && t.children.length === 0
            && t.getBoundingClientRect().height > 0 && t.getBoundingClientRect().height < 8).length };
      });
      const dark = matchMedia('(prefers-color-scheme: dark)').matches;
      document.getElementById('result').textContent = 'RES' + 'ULT:' + JSON.stringify({dark, views}) + ':END';
    };
    </script></body></html>
    """
}

/// A temporary folder, removed with the value.
final class Scratch: Sendable {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory.appendingPathComponent(
        "latent-tests-\(UUID().uuidString)"
      ).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func url(_ name: String) -> URL { URL(fileURLWithPath: path).appendingPathComponent(name) }

  func callAsFunction(_ name: String) -> String { path + "/" + name }
}
