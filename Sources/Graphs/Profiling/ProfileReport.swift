import CKernels
import Platform

/// A profile in words and numbers.
struct ProfileReport {
  /// Lines of a table beyond which the rest is summed up.
  private static let mostLines = 40

  private let entries: [Profile.Counter]
  private let wall: Double
  private let processor: Double
  private let threads: Int

  init(_ profile: Profile) {
    self.init(
      profile.entries, wall: profile.wallSeconds, processor: processorSeconds(),
      threads: Threads.count)
  }

  init(_ entries: [Profile.Counter], wall: Double, processor: Double, threads: Int) {
    self.entries = entries
    self.wall = wall
    self.processor = processor
    self.threads = threads
  }

  private struct Sum {
    var seconds = 0.0
    var operations = 0.0
    var bytes = 0.0
    var reorders = 0
    var reorderedBytes = 0.0
    var kinds = 0

    mutating func add(_ counter: Profile.Counter) {
      let (work, total) = (counter.work, counter.total)
      let runs = Double(total.runs)
      seconds += total.seconds
      operations += runs * Double(work.operations)
      bytes += runs * Double(work.bytes)
      reorders += total.runs * work.reorders
      reorderedBytes += runs * Double(work.reorderedBytes)
      kinds += 1
    }
  }

  private func sum(_ group: Work.Group?) -> Sum {
    var sum = Sum()
    for entry in entries where group == nil || entry.work.group == group { sum.add(entry) }
    return sum
  }

  // MARK: Text

  /// One line for each group, then one for each kind of work, the longest first.
  var table: String {
    var lines = [
      "profile: \(decimal(wall, 2)) s, \(decimal(processor, 2)) s of processor time, "
        + "\(threads) thread\(threads == 1 ? "" : "s"), "
        + "\(String(cString: latent_instruction_set()))"
    ]
    lines.append(Self.header)
    for group in Work.Group.allCases {
      let sum = sum(group)
      if sum.kinds > 0 { lines.append(line(sum, runs: nil, group.rawValue)) }
    }
    let all = sum(nil)
    var rest = Sum()
    rest.seconds = max(0, wall - all.seconds)
    lines.append(line(rest, runs: nil, "the rest of the program"))
    if all.reorders > 0 {
      let gigabytes = decimal(all.reorderedBytes * 1e-9, 2)
      lines.append(
        "reorders: \(all.reorders) copies into other layouts, \(gigabytes) GB; in the times above")
    }
    lines += ["", Self.header]
    for entry in entries.prefix(Self.mostLines) {
      var sum = Sum()
      sum.add(entry)
      let reorders = entry.work.reorders
      let note = reorders > 0 ? "  (\(reorders) reorder\(reorders == 1 ? "" : "s"))" : ""
      lines.append(line(sum, runs: entry.total.runs, entry.work.name + note))
    }
    if entries.count > Self.mostLines {
      var sum = Sum()
      for entry in entries.dropFirst(Self.mostLines) { sum.add(entry) }
      lines.append(line(sum, runs: nil, "\(sum.kinds) more kinds of work"))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let header = " share         s     runs   ms/run  GFLOP/s   GB/s  what"

  private func line(_ sum: Sum, runs: Int?, _ name: String) -> String {
    func rate(_ amount: Double) -> String {
      amount > 0 && sum.seconds > 0 ? decimal(amount / sum.seconds * 1e-9, 1) : ""
    }
    let share = wall > 0 ? decimal(100 * sum.seconds / wall, 1) : ""
    let each = runs.map { decimal(1000 * sum.seconds / Double($0), 3) } ?? ""
    let columns = [
      right(share, 5) + "%", right(decimal(sum.seconds, 3), 9),
      right(runs.map(String.init) ?? "", 8), right(each, 8), right(rate(sum.operations), 8),
      right(rate(sum.bytes), 6),
    ]
    return columns.joined(separator: " ") + "  " + name
  }

  private func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// A number with so many decimals.
  private func decimal(_ number: Double, _ places: Int) -> String {
    let scale = [1.0, 10, 100, 1000][places]
    let units = Int((number * scale).rounded())
    guard places > 0 else { return String(units) }
    let fraction = String(units % Int(scale))
    let zeros = String(repeating: "0", count: places - fraction.count)
    return "\(units / Int(scale)).\(zeros)\(fraction)"
  }

  // MARK: JSON

  /// One line: wall and processor seconds, threads, and an object for each kind of work.
  var json: String {
    let works = entries.map { entry in
      let (work, total) = (entry.work, entry.total)
      return "{\"name\":\"\(work.name)\",\"group\":\"\(work.group.rawValue)\","
        + "\"seconds\":\(total.seconds),\"runs\":\(total.runs),"
        + "\"operations\":\(work.operations),\"bytes\":\(work.bytes),"
        + "\"reorders\":\(work.reorders),\"reordered_bytes\":\(work.reorderedBytes)}"
    }
    return "{\"wall_seconds\":\(wall),\"processor_seconds\":\(processor),\"threads\":\(threads),"
      + "\"works\":[\(works.joined(separator: ","))]}\n"
  }
}
