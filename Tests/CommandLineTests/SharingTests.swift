import Foundation
import Testing

@Suite("pictures shared by processes")
struct SharingTests {
  private let denoise = ["-m", Samples.model, "--sigma", "10", "--steps", "1", "--draws", "1"]

  /// A folder with in/00.png and so on.
  private func folder(_ count: Int) throws -> Folder {
    let folder = try Folder()
    try FileManager.default.createDirectory(
      at: folder.url("in"), withIntermediateDirectories: true)
    for index in 0..<count {
      try FileManager.default.copyItem(
        atPath: Samples.disc(index % 8), toPath: folder("in/\(index / 10)\(index % 10).png"))
    }
    return folder
  }

  private func files(_ path: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
      files[name] = try Data(contentsOf: URL(fileURLWithPath: path + "/" + name))
    }
    return files
  }

  @Test("parts are told, and together they are the whole")
  func parts() throws {
    let folder = try folder(10)
    try Program.succeed(["denoise", folder("in"), "-o", folder("whole/")] + denoise)
    for part in 1...3 {
      let result = try Program.run(
        ["denoise", folder("in"), "-o", folder("parts/"), "--part", "\(part)/3"] + denoise)
      #expect(result.exitCode == 0)
      #expect(result.errors == "latent: part \(part) of 3: \(part == 1 ? 4 : 3) of 10\n")
    }
    #expect(try files(folder("parts")) == files(folder("whole")))
  }

  @Test("--part auto follows the launcher, in patterns with the numbers of the whole")
  func automaticPart() throws {
    let folder = try folder(5)
    for rank in 0..<2 {
      let result = try Program.run(
        [
          "reconstruct", folder("in"), "-m", Samples.model, "-o", folder("r-%d.png"), "--part",
          "auto",
        ],
        environment: ["OMPI_COMM_WORLD_RANK": "\(rank)", "OMPI_COMM_WORLD_SIZE": "2"])
      #expect(result.errors == "latent: part \(rank + 1) of 2: \(3 - rank) of 5\n")
    }
    try Program.succeed(
      "reconstruct", folder("in"), "-m", Samples.model, "-o", folder("s-%d.png"))
    for number in 1...5 {
      #expect(try folder.data("r-\(number).png") == folder.data("s-\(number).png"))
    }
  }

  @Test("vectors of parts are lines of the whole")
  func encodedParts() throws {
    let folder = try folder(5)
    let whole = try Program.succeed("encode", folder("in"), "-m", Samples.model, "--sample").lines
    var lines: [String] = []
    for part in 1...2 {
      lines += try Program.run(
        ["encode", folder("in"), "-m", Samples.model, "--sample", "--part", "\(part)/2"]).lines
    }
    #expect([0, 2, 4, 1, 3].map { whole[$0] } == lines)
    let message = try Program.fail(
      64, ["encode", folder("in"), "-m", Samples.model, "-o", folder("x"), "--part", "auto"])
    #expect(message.contains("expected a file for every result with --part auto"))
  }

  @Test("--claim does everything once, whoever else has; status says so")
  func claims() throws {
    let folder = try folder(6)
    try Data("no picture".utf8).write(to: folder.url("in/99.png"))
    let arguments = ["denoise", folder("in"), "-o", folder("out"), "--claim"] + denoise
    let first = try Program.run(arguments)
    #expect(first.exitCode == 65)
    #expect(first.errors.contains("99.png: expected"))
    let second = try Program.run(arguments)
    #expect(second.exitCode == 0)
    #expect(second.errors == "latent: 0 of 7 done here, 7 by others or before\n")
    let status = try Program.succeed("status", folder("out")).lines
    #expect(status[0].hasPrefix("6 done, 0 claimed, 1 failed, 0 left of 7: latent "))
    #expect(status[1].hasPrefix("failed\t99.png\t"))
    try FileManager.default.removeItem(atPath: folder("in/99.png"))
    try FileManager.default.copyItem(atPath: Samples.disc(1), toPath: folder("in/99.png"))
    #expect(try Program.run(arguments).errors.contains("0 of 7 done here"))
    #expect(try Program.run(arguments + ["--retry-failed"]).errors.contains("1 of 7 done here"))
    try Program.succeed(["denoise", folder("in"), "-o", folder("alone")] + denoise)
    var shared = try files(folder("out"))
    #expect(shared.removeValue(forKey: ".latent-work") != nil)
    #expect(try shared == files(folder("alone")))
  }

  @Test("what another machine claims is waited for and taken over; other work is refused meanwhile")
  func foreignClaim() throws {
    let folder = try folder(3)
    let arguments = ["denoise", folder("in"), "-o", folder("out"), "--claim"] + denoise
    try Program.run(arguments)
    try FileManager.default.removeItem(atPath: folder("out/01.png"))
    let claim = "latent claim 1\nhost far\nprocess 7\nkernel other\ntimeout 1\n"
    try Data(claim.utf8).write(to: folder.url("out/.01.png.claim"))
    let status = try Program.succeed("status", folder("out")).lines
    #expect(status[0].hasPrefix("2 done, 1 claimed, 0 failed, 0 left of 3: "))
    #expect(status[1].hasPrefix("claimed\t01.png\tfar\tprocess 7\t"))
    let message = try Program.fail(64, arguments + ["--sigma", "20"])
    #expect(message.contains("expected what others do there now, 3 pictures by"))
    let result = try Program.run(arguments + ["--claim-timeout", "2s"])
    #expect(result.exitCode == 0)
    #expect(
      result.errors
        == "latent: waiting for 1 that others work on\nlatent: 1 of 3 done here, 2 by others or before\n"
    )
    #expect(
      try files(folder("out")).keys.sorted() == [".latent-work", "00.png", "01.png", "02.png"])
  }

  @Test("claims need files of their own", arguments: ["-", "all.npy", "one.png"])
  func sharedFiles(output: String) throws {
    let folder = try folder(1)
    let path = output == "-" ? output : folder(output)
    let message = try Program.fail(
      64, ["denoise", folder("in/00.png"), "-o", path, "--claim"] + denoise)
    #expect(message.contains("expected a file for every result with --claim"))
  }

  @Test(
    "a file that could hold several pictures but holds one is like any other; a stream is refused")
  func streams() throws {
    let folder = try folder(1)
    let picture = Data("P5 12 12 255\n".utf8) + Data((0..<144).map { UInt8($0) })
    try picture.write(to: folder.url("in/01.pgm"))
    let arguments = ["denoise", folder("in"), "-o", folder("out"), "--claim"] + denoise
    #expect(try Program.run(arguments).exitCode == 0)
    #expect(try files(folder("out")).keys.sorted() == [".latent-work", "00.png", "01.pgm"])
    try (picture + picture).write(to: folder.url("in/02.pgm"))
    #expect(try Program.fail(64, arguments).contains("02.pgm: expected files with --claim"))
    let part = try Program.run(
      ["denoise", folder("in/00.png"), folder("in/01.pgm"), "-o", folder("part/"), "--part", "2/2"]
        + denoise)
    #expect(part.errors == "latent: part 2 of 2: 1 of 2\n")
    #expect(try folder.data("part/01.pgm") == folder.data("out/01.pgm"))
  }

  @Test("a folder without such work has no status")
  func noWork() throws {
    let folder = try folder(1)
    #expect(try Program.fail(66, ["status", folder("in")]).contains("found no list of its work"))
    #expect(try Program.fail(66, ["status", folder("none")]).contains("expected a folder"))
    try Data("{}".utf8).write(to: folder.url("in/.latent-work"))
    #expect(try Program.fail(65, ["status", folder("in")]).contains("expected a list of work"))
  }

  @Test("workers that are killed and started again leave nothing out and nothing behind")
  func killed() throws {
    let folder = try folder(60)
    try Program.succeed(["denoise", folder("in"), "-o", folder("alone")] + denoise)
    let arguments = ["denoise", folder("in"), "-o", folder("out"), "--claim"] + denoise
    func start() throws -> Process {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: Program.path)
      process.arguments = arguments + ["--threads", "1"]
      process.standardError = FileHandle.nullDevice
      try process.run()
      return process
    }
    for round in 0..<12 {
      let workers = try [start(), start(), start()]
      usleep(UInt32(30_000 + round * 17_000))
      for worker in workers {
        kill(worker.processIdentifier, SIGKILL)
        worker.waitUntilExit()
      }
    }
    #expect(try Program.run(arguments).exitCode == 0)
    var shared = try files(folder("out"))
    #expect(shared.removeValue(forKey: ".latent-work") != nil)
    #expect(try shared == files(folder("alone")))
  }
}
