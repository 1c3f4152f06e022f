import Foundation
import Ranks
import Testing

/// Starts the program on several ranks, where it was built with MPI and the launcher of it is there.
private enum Launcher {
  static let path: String? = {
    let names =
      switch Ranks.implementation {
      case "Open MPI": ["mpirun.openmpi", "mpirun"]
      case "MPICH": ["mpirun.mpich", "mpiexec.hydra", "mpirun"]
      default: [String]()
      }
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return names.lazy.flatMap { name in folders.map { "\($0)/\(name)" } }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// What Open MPI asks of who is root, and of a machine with fewer cores than ranks.
  static let options = Ranks.implementation == "Open MPI" ? ["--oversubscribe"] : []
  static let environment = [
    "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
  ]

  static func process(_ ranks: Int, _ arguments: [String], errors: URL) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(path))
    process.arguments = ["-n", "\(ranks)"] + options + [Program.path] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    try Data().write(to: errors)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardOutput = FileHandle.nullDevice
    return process
  }
}

@Suite("training on several ranks", .enabled(if: Launcher.path != nil), .serialized)
struct RankTests {
  private let options = [
    "--hidden", "8", "--latents", "3", "--batch-size", "6", "--learning-rate", "0.01", "--threads",
    "1", "--seed", "3", "--keep-checkpoint",
  ]

  @discardableResult
  private func train(
    _ ranks: Int, _ folder: Folder, _ name: String, _ more: [String],
    data: String = Samples.folder("discs"), expecting code: Int32 = 0
  ) throws -> String {
    let errors = folder.url(name + ".err")
    let process = try Launcher.process(
      ranks, ["train", data, "-o", folder(name + ".safetensors")] + options + more, errors: errors)
    try process.run()
    process.waitUntilExit()
    let text = try String(contentsOf: errors, encoding: .utf8)
    #expect(process.terminationStatus == code, "\(text)")
    return text
  }

  /// The numbers of a model's tensors.
  private func weights(_ folder: Folder, _ name: String) throws -> [Float] {
    let data = try folder.data(name + ".safetensors")
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let body = Data(data[(8 + length)...])
    return body.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }

  private func distance(_ a: [Float], _ b: [Float]) throws -> Float {
    try #require(a.count == b.count && !a.isEmpty)
    return zip(a, b).map { abs($0 - $1) }.max() ?? 0
  }

  @Test("one rank is the run without MPI, bit for bit")
  func oneRank() throws {
    let folder = try Folder()
    try train(1, folder, "ranked", ["--steps", "30", "--quiet"])
    try Program.succeed(
      ["train", Samples.folder("discs"), "-o", folder("alone.safetensors")] + options
        + ["--steps", "30", "--quiet"])
    #expect(try folder.data("ranked.safetensors") == folder.data("alone.safetensors"))
    #expect(
      try folder.data("ranked.checkpoint.safetensors").count
        == folder.data("alone.checkpoint.safetensors").count)
  }

  @Test(
    "two and three ranks are one with the whole batch, within rounding, over 200 steps",
    arguments: [2, 3])
  func equality(ranks: Int) throws {
    let folder = try Folder()
    // What is drawn for a picture must not depend on who computes it.
    let more = ["--steps", "200", "--quiet", "--optimizer", "sgd", "--binarize"]
    try train(ranks, folder, "ranked", more)
    try train(ranks, folder, "again", more)
    try Program.succeed(
      ["train", Samples.folder("discs"), "-o", folder("alone.safetensors")] + options + more)
    let (ranked, alone) = (try weights(folder, "ranked"), try weights(folder, "alone"))
    #expect(try distance(ranked, alone) < 1e-4)
    // Training has moved the weights by far more than that.
    try Program.succeed(
      ["train", Samples.folder("discs"), "-o", folder("start.safetensors")] + options
        + ["--steps", "1", "--quiet", "--optimizer", "sgd", "--binarize"])
    #expect(try distance(alone, weights(folder, "start")) > 1e-2)
    #expect(try folder.data("ranked.safetensors") == folder.data("again.safetensors"))
  }

  @Test("photographs with damage too")
  func photographs() throws {
    let folder = try Folder()
    let photos = Samples.folder("discs")
    let arguments = [
      "--preset", "photograph", "--crop", "8x8", "--widths", "4", "--latents", "2", "--batch-size",
      "8", "--steps", "20", "--quiet", "--threads", "1", "--seed", "5", "--optimizer", "sgd",
      "--learning-rate", "0.01", "--validation-share", "0",
    ]
    let errors = folder.url("err")
    let process = try Launcher.process(
      2, ["train", photos, "-o", folder("ranked.safetensors")] + arguments, errors: errors)
    try process.run()
    process.waitUntilExit()
    let text = try String(contentsOf: errors, encoding: .utf8)
    #expect(process.terminationStatus == 0, "\(text)")
    try Program.succeed(
      ["train", photos, "-o", folder("alone.safetensors")] + arguments)
    #expect(
      try distance(weights(folder, "ranked"), weights(folder, "alone")) < 1e-3)
  }

  @Test("a run goes on with another number of ranks, with the same pictures")
  func resuming() throws {
    let folder = try Folder()
    let sgd = ["--optimizer", "sgd"]
    try train(2, folder, "run", sgd + ["--steps", "20", "--quiet"])
    let text = try train(3, folder, "run", sgd + ["--steps", "40", "--resume"])
    #expect(text.contains("going on at step 20, begun on 2 ranks, now 3"))
    try train(2, folder, "whole", sgd + ["--steps", "40", "--quiet"])
    #expect(try distance(weights(folder, "run"), weights(folder, "whole")) < 1e-4)
    try train(2, folder, "same", sgd + ["--steps", "20", "--quiet"])
    try train(2, folder, "same", sgd + ["--steps", "40", "--quiet", "--resume"])
    #expect(try weights(folder, "same") == weights(folder, "whole"))
  }

  @Test("--sync-every averages weights, and goes on from where all are equal")
  func localSteps() throws {
    let folder = try Folder()
    let local = ["--sync-every", "5", "--average", "0.9", "--quiet"]
    try train(2, folder, "whole", local + ["--steps", "40"])
    try train(2, folder, "run", local + ["--steps", "20"])
    try train(2, folder, "run", local + ["--steps", "40", "--resume"])
    #expect(try weights(folder, "run") == weights(folder, "whole"))
    // It is another course than that of averaged gradients, but one that learns.
    try train(2, folder, "gradients", ["--average", "0.9", "--quiet", "--steps", "40"])
    #expect(try weights(folder, "run") != weights(folder, "gradients"))
  }

  @Test("batches that cannot be divided, and ranks that differ, are told in one line")
  func refusals() throws {
    let folder = try Folder()
    func lines(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { $0.hasPrefix("latent: ") }
    }
    let uneven = try train(
      2, folder, "uneven", ["--batch-size", "5", "--steps", "2"], expecting: 64)
    #expect(
      lines(uneven) == [
        "latent: expected a --batch-size that is a multiple of 2 for 2 ranks, found 5"
      ])
    let missing = try train(
      3, folder, "missing", ["--steps", "2"], data: folder("nothing"), expecting: 66)
    #expect(lines(missing).count == 1)
  }

  @Test("a lost rank ends all, and the run goes on")
  func lostRank() throws {
    let folder = try Folder()
    let steps = ["--steps", "100000000", "--checkpoint-every", "1s", "--quiet"]
    let errors = folder.url("lost.err")
    let process = try Launcher.process(
      2, ["train", Samples.folder("discs"), "-o", folder("lost.safetensors")] + options + steps,
      errors: errors)
    try process.run()
    let checkpoint = folder("lost.checkpoint.safetensors")
    for _ in 0..<200 where !FileManager.default.fileExists(atPath: checkpoint) { usleep(100_000) }
    try #require(FileManager.default.fileExists(atPath: checkpoint))
    let victim = try #require(try Self.rank(1, of: folder("lost.safetensors")))
    kill(victim, SIGKILL)
    let start = Date()
    process.waitUntilExit()
    #expect(process.terminationStatus != 0)
    #expect(Date().timeIntervalSince(start) < 30)
    let text = try String(contentsOf: errors, encoding: .utf8)
    #expect(text.split(separator: "\n").count { $0.hasPrefix("latent: ") } <= 1, "\(text)")
    let resumed = try train(2, folder, "lost", ["--steps", "1", "--resume"])
    #expect(resumed.contains("going on at step "))
  }

  /// The process of a rank that writes a model.
  private static func rank(_ rank: Int, of output: String) throws -> pid_t? {
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
      guard let process = pid_t(name),
        let arguments = FileManager.default.contents(atPath: "/proc/\(name)/cmdline"),
        arguments.starts(with: Array(Program.path.utf8)),
        String(decoding: arguments, as: UTF8.self).contains(output),
        let variables = FileManager.default.contents(atPath: "/proc/\(name)/environ")
      else { continue }
      let text = String(decoding: variables, as: UTF8.self)
      if text.contains("OMPI_COMM_WORLD_RANK=\(rank)\0") || text.contains("PMI_RANK=\(rank)\0") {
        return process
      }
    }
    return nil
  }
}

@Suite("launchers that do not fit")
struct RankFaultTests {
  @Test("a program without MPI, or of another one, does not train by itself on every rank")
  func foreignLauncher() throws {
    let folder = try Folder()
    // A size that no library agrees with, as this process was started alone.
    let message = try Program.fail(
      69, ["train", Samples.folder("discs"), "-o", folder("x.safetensors"), "--steps", "1"],
      environment: ["OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "0"])
    #expect(message.contains("started as one of 4 ranks"))
    #expect(!FileManager.default.fileExists(atPath: folder("x.safetensors")))
  }
}
