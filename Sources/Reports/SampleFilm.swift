import Files
import ImageCodecs
import Pictures
import Platform
import Tensors

/// Samples from one fixed noise as they were at some steps of a run, so that one sees them change. Each row
/// is kept as a picture in a folder, for a run that is gone on with.
package struct SampleFilm {
  package struct Row: Hashable, Sendable {
    package let step: Int
    /// The samples side by side, `[C, H, W]`.
    package let pixels: Tensor
  }

  private let folder: String
  package private(set) var rows: [Row] = []

  /// Rows that are kept.
  static let most = 6

  /// - Parameters:
  ///   - folder: of the rows; made when there is one.
  ///   - step: up to which rows that are there are taken; nil where a run begins anew, whose rows take the place
  ///     of those that are there.
  package init(_ folder: String, resumingAt step: Int?) {
    self.folder = folder
    guard let names = try? Paths.list(folder) else { return }
    for name in names where name.hasPrefix(Self.prefix) && name.hasSuffix(".png") {
      guard let number = Int(Paths.stem(name).dropFirst(Self.prefix.count)) else { continue }
      let path = Paths.joined(folder, name)
      if let step, number <= step, let picture = try? Picture(path: path) {
        rows.append(Row(step: number, pixels: picture.pixels))
      } else {
        unlink(path.systemPath)
      }
    }
    rows.sort { $0.step < $1.step }
  }

  private static let prefix = "samples-"

  private func path(_ step: Int) -> String {
    let digits = String(step)
    let zeros = String(repeating: "0", count: max(0, 9 - digits.count))
    return Paths.joined(folder, "\(Self.prefix)\(zeros)\(digits).png")
  }

  /// - Parameter samples: `[C, H, W]` each.
  /// - Throws: `FileError` where the row cannot be written; it is shown all the same.
  package mutating func add(_ samples: [Tensor], step: Int) throws {
    guard !samples.isEmpty, rows.last?.step != step else { return }
    let sheet = Sheet(columns: samples.count, rows: 1, gap: 1)
    let pixels = try sheet.composed(samples.map { Picture(pixels: $0) }).pixels
    rows.removeAll { $0.pixels.shape != pixels.shape }
    rows.append(Row(step: step, pixels: pixels))
    var dropped: [Int] = []
    while rows.count > Self.most { dropped.append(rows.remove(at: leastMissed).step) }
    try Paths.makeFolder(folder)
    try Picture(pixels: pixels).write(to: path(step))
    for step in dropped { unlink(path(step).systemPath) }
  }

  /// The row in between whose neighbors are nearest to each other: so the steps of those that stay grow about
  /// as the run does, and its beginning stays too.
  private var leastMissed: Int {
    (1..<rows.count - 1).min {
      ratio(around: $0) < ratio(around: $1)
    } ?? 0
  }

  private func ratio(around index: Int) -> Double {
    Double(rows[index + 1].step) / Double(max(1, rows[index - 1].step))
  }
}
