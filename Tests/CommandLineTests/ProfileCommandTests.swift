import Foundation
import Testing

@Suite("--profile")
struct ProfileCommandTests {
  private func train(_ more: [String], environment: [String: String] = [:]) throws
    -> Program.Result
  {
    let folder = try Folder()
    return try Program.run(
      [
        "train", Samples.folder("discs"), "-o", folder("a.safetensors"), "--hidden", "8",
        "--steps", "12", "--batch-size", "4", "--threads", "1", "--quiet",
      ] + more, environment: environment)
  }

  @Test("tells on standard error what a command did with its time")
  func table() throws {
    let result = try train(["--profile"])
    #expect(result.exitCode == 0)
    #expect(result.text == "")
    let lines = result.errors.split(separator: "\n").map(String.init)
    #expect(lines.first?.hasPrefix("profile: ") == true)
    for name in ["products", "the rest of the program", "dense [4,144] -> 8"] {
      #expect(lines.contains { $0.hasSuffix("  " + name) }, "\(name)")
    }
    for name in ["waiting for the loader", "drawing noise", "optimizer"] {
      let line = try #require(lines.first { $0.hasSuffix("  " + name) })
      #expect(line.split(separator: " ")[2] == "12", "\(line)")
    }
  }

  @Test("as one line of JSON, whose shares add up to no more than the whole")
  func json() throws {
    let result = try train([], environment: ["LATENT_PROFILE": "json"])
    #expect(result.exitCode == 0)
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(result.errors.utf8)) as? [String: Any])
    let wall = try #require(report["wall_seconds"] as? Double)
    let works = try #require(report["works"] as? [[String: Any]])
    let seconds = works.compactMap { $0["seconds"] as? Double }.reduce(0, +)
    #expect(seconds > 0 && seconds <= wall)
    let dense = try #require(works.first { $0["name"] as? String == "dense [4,144] -> 8" })
    #expect(dense["operations"] as? Int == 2 * 4 * 144 * 8)
    #expect(dense["runs"] as? Int == 12)
  }

  @Test("nothing is told unasked", arguments: ["", "0"])
  func silent(value: String) throws {
    #expect(try train([], environment: ["LATENT_PROFILE": value]).errors == "")
  }

  @Test("--log-every sets how often the log has a line")
  func logEvery() throws {
    let folder = try Folder()
    let result = try train(["--log", folder("log.ndjson"), "--log-every", "5"])
    #expect(result.exitCode == 0)
    let steps = try String(decoding: folder.data("log.ndjson"), as: UTF8.self)
      .split(separator: "\n").compactMap { line in
        (try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["step"] as? Int
      }
    #expect(steps == [5, 10, 12])
    let message = try Program.fail(
      64, ["train", Samples.folder("discs"), "-o", folder("b.safetensors"), "--log-every", "0"])
    #expect(message.contains("--log-every"))
  }
}
