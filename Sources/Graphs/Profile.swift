import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Time by operation and shape of one plan, printed on standard error when the plan goes, where
/// the environment has `LATENT_PROFILE=1`.
final class Profile {
  private struct Entry {
    var seconds = 0.0
    var runs = 0
  }

  private var entries: [String: Entry] = [:]

  static func requested() -> Profile? {
    guard let value = getenv("LATENT_PROFILE"), String(cString: value) == "1" else { return nil }
    return Profile()
  }

  /// `step`, timed.
  func timing(_ step: @escaping Step, _ node: Graph.Node, inputs: [Operand]) -> Step {
    let shapes = inputs.map(\.shape.description).joined(separator: " ")
    let name = "\(node.operation) \(shapes) -> \(node.shape)"
    entries[name] = Entry()
    return {
      let start = Profile.now()
      try step()
      self.entries[name]?.seconds += Profile.now() - start
      self.entries[name]?.runs += 1
    }
  }

  func report() {
    let total = entries.values.reduce(0) { $0 + $1.seconds }
    guard total > 0 else { return }
    func padded(_ number: Double, _ digits: Int, _ width: Int) -> String {
      let scale = pow(10.0, Double(digits))
      let text = String((number * scale).rounded() / scale)
      return String(repeating: " ", count: max(0, width - text.count)) + text
    }
    var lines = ["   share     ms/run  operation"]
    for (name, entry) in entries.sorted(by: { $0.value.seconds > $1.value.seconds })
    where entry.runs > 0 {
      let share = padded(100 * entry.seconds / total, 1, 6)
      let milliseconds = padded(1000 * entry.seconds / Double(entry.runs), 4, 10)
      lines.append("\(share) % \(milliseconds)  \(name)")
    }
    let text = lines.joined(separator: "\n") + "\n"
    _ = text.withCString { write(2, $0, strlen($0)) }
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
