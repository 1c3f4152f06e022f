import Checkpoints
import Files

/// What has become of a list of work.
package struct WorkState {
  private let list: WorkList
  private var done = 0
  private var left = 0
  private var claimed: [(name: String, state: ClaimState)] = []
  private var failed: [(name: String, message: String)] = []

  package init(_ list: WorkList, in folder: String, timeout: Double) throws {
    self.list = list
    let now = try Claims.serverTime(in: folder)
    for names in list.results {
      guard let name = names.first else { continue }
      let path = Paths.joined(folder, name)
      if names.allSatisfy({ Paths.exists(Paths.joined(folder, $0)) }) {
        done += 1
      } else if let state = Claims.state(of: path, now: now), !state.isStale(timeout) {
        claimed.append((name, state))
      } else if let mark = FailureMark.read(path) {
        failed.append((name, mark.message))
      } else {
        left += 1
      }
    }
  }

  package var text: String {
    var lines = [
      "\(grouped(done)) done, \(grouped(claimed.count)) claimed, \(grouped(failed.count)) failed, "
        + "\(grouped(left)) left of \(grouped(list.results.count)): \(list.description)"
    ]
    lines += claimed.map { name, state in
      let owner = state.owner.map { "\($0.host)\tprocess \($0.process)" } ?? "unknown\tunknown"
      return "claimed\t\(name)\t\(owner)\tfor \(duration(max(0, state.age)))"
    }
    lines += failed.map { "failed\t\($0.name)\t\($0.message)" }
    return lines.map { $0.split(separator: "\t").map { Printable.escaped(String($0)) } }
      .map { $0.joined(separator: "\t") + "\n" }.joined()
  }

  package var json: JSONValue {
    [
      "description": .string(list.description), "pictures": JSONValue(list.results.count),
      "done": JSONValue(done), "left": JSONValue(left),
      "claimed": .array(
        claimed.map { name, state in
          [
            "result": .string(name), "host": state.owner.map { .string($0.host) } ?? .null,
            "process": state.owner.map { JSONValue($0.process) } ?? .null,
            "seconds": JSONValue(max(0, state.age)), "taken_over": JSONValue(state.generation),
          ]
        }),
      "failed": .array(
        failed.map { ["result": .string($0.name), "message": .string($0.message)] }),
    ]
  }
}
