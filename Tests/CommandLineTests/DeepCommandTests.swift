import Foundation
import Testing

/// Commands with a deep model of three grids: 6x6, 3x3 and 1x1.
@Suite("commands with a deep model")
struct DeepCommandTests {
  static let model = trained("deep-grey")
  private static let color = trained(
    "deep-colour", "--colour", "--likelihood", "discretised-logistic-mixture", "--components", "2")

  private static func trained(_ name: String, _ more: String...) -> String {
    let path = Samples.folder("\(name).safetensors")
    do {
      let result = try Program.run(
        [
          "train", Samples.folder("discs"), "-o", path, "--preset", "deep", "--widths", "8,8,8",
          "--groups", "2,1,1", "--latents", "2", "--batch-size", "4", "--steps", "150",
          "--learning-rate", "0.01", "--threads", "1", "--quiet",
        ] + more)
      #expect(result.exitCode == 0 && result.errors == "", "\(result.errors)")
    } catch {
      Issue.record(error)
    }
    return path
  }

  private func object(_ data: Data) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func error(_ a: [Int], _ b: [Int]) -> Double {
    zip(a, b).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) } / Double(a.count)
  }

  @Test("encode into decode gives the bytes of reconstruct", arguments: ["text", "ndjson", "npy"])
  func roundTrip(format: String) throws {
    let folder = try Folder()
    let stream = try Program.succeed(
      "encode", Samples.disc(0), Samples.disc(5), "-m", Self.model, "--format", format)
    try Program.succeed(
      "decode", "-m", Self.model, "-o", folder("d-%d.png"), input: stream.output)
    for (number, index) in [(1, 0), (2, 5)] {
      try Program.succeed(
        "reconstruct", Samples.disc(index), "-m", Self.model, "-o", folder("r.png"))
      #expect(try folder.data("d-\(number).png") == folder.data("r.png"))
      // Each is nearer to its own picture than to the other.
      let (own, other) = (pixelsOf(index), pixelsOf(5 - index))
      let reconstructed = try pixels(folder("r.png"))
      #expect(error(reconstructed, try own()) < error(reconstructed, try other()))
    }
  }

  private func pixelsOf(_ index: Int) -> () throws -> [Int] {
    { try pixels(Samples.disc(index)) }
  }

  @Test("a stream tells the groups by name and shape")
  func groups() throws {
    let stream = try Program.succeed(
      "encode", Samples.disc(0), "-m", Self.model, "--format", "ndjson")
    let groups = try #require(object(stream.output)["groups"] as? [[String: Any]])
    #expect(groups.compactMap { $0["name"] as? String } == ["6x6.2", "6x6.1", "3x3.1", "1x1.1"])
    let shapes = groups.compactMap { $0["shape"] as? [Int] }
    #expect(shapes == [[2, 6, 6], [2, 6, 6], [2, 3, 3], [2, 1, 1]])
  }

  @Test("the coarse levels of one picture with the fine ones of another")
  func levels() throws {
    let folder = try Folder()
    let ends = [Samples.disc(0), Samples.disc(7)]
    func frames(_ name: String, _ more: String...) throws -> [Data] {
      let arguments = ends + ["-m", Self.model, "--frames", "3", "-o", folder("\(name)-%d.png")]
      try Program.succeed(["interpolate"] + arguments + more)
      return try (1...3).map { try folder.data("\(name)-\($0).png") }
    }
    let all = try frames("all")
    #expect(try frames("three", "--levels", "3") == all)
    let coarse = try frames("coarse", "--levels", "1")
    #expect(coarse[0] == all[0] && coarse[2] != all[2] && coarse[2] != all[0])
    #expect(
      try Program.fail(
        64, ["interpolate"] + ends + ["-m", Self.model, "--levels", "4", "-o", "-"])
        == "--levels: expected 1 to 3, the levels of \(Self.model), found 4")
    #expect(
      try Program.fail(
        64, ["interpolate"] + ends + ["-m", Self.model, "--levels", "1", "--exact-ends", "-o", "-"]
      ).contains("--exact-ends"))
  }

  @Test("samples follow the seed, and a temperature for each level")
  func samples() throws {
    let folder = try Folder()
    func draw(_ name: String, _ more: String...) throws -> [Int] {
      try Program.succeed(
        ["sample", "-m", Self.color, "--seed", "3", "-o", folder(name)] + more)
      return try pixels(folder(name))
    }
    let one = try draw("a.png")
    #expect(one.count == 3 * 144)
    #expect(try draw("b.png", "--temperature", "1,1,1") == one)
    #expect(try draw("c.png", "--temperature", "0.2,1,1") != one)
    #expect(
      try draw("d.png", "--temperature", "0") == draw("e.png", "--temperature", "0", "-n", "1"))
    #expect(
      try Program.fail(64, ["sample", "-m", Self.color, "--temperature", "1,1", "-o", "-"])
        == "--temperature: expected one number or 3, one a level of \(Self.color), found 2")
    #expect(
      try Program.fail(64, ["sample", "-m", Samples.model, "--temperature", "1,1", "-o", "-"])
        == "--temperature: expected one number, found 2")
  }

  @Test("the rate is the sum of its groups'; importance samples give more than the bound")
  func evaluate() throws {
    let report = try object(
      Program.succeed(
        "evaluate", Samples.folder("discs"), "-m", Self.model, "--json", "--samples", "50",
        "--importance-samples", "200"
      ).output)
    func nats(_ value: Any?) throws -> Double {
      try #require((value as? [String: Any])?["nats"] as? Double)
    }
    let groups = try #require(report["group_rates"] as? [Any]).map(nats)
    #expect(groups.count == 4)
    #expect(try abs(groups.reduce(0, +) - nats(report["rate"])) < 1e-3)
    #expect(try nats(report["log_likelihood"]) > nats(report["bound"]))
    let lines = try Program.succeed("evaluate", Samples.disc(1), "-m", Self.model).lines
    #expect(lines.contains { $0.hasPrefix("  at 6x6.2 ") })
    #expect(lines.contains { $0.hasPrefix("  at 1x1.1 ") })
  }

  @Test("info tells of grids and groups")
  func info() throws {
    let text = try Program.succeed("info", Self.model).text
    #expect(text.contains("latents       164: 2 x 2 at 6x6, 1 x 2 at 3x3, 1 x 2 at 1x1\n"))
    #expect(text.contains("network       deep\n"))
    let report = try object(Program.succeed("info", Self.model, "--json").output)
    #expect((report["groups"] as? [Any])?.count == 4)
  }

  @Test("noise goes, and holes are filled, by refinement of all groups")
  func restoration() throws {
    let folder = try Folder()
    try Program.succeed(
      "inpaint", Samples.disc(3), "-m", Self.model, "--mask", Samples.folder("mask.png"), "-o",
      folder("i.png"), "--threads", "1")
    let (filled, picture) = (try pixels(folder("i.png")), try pixels(Samples.disc(3)))
    // The upper half is seen and stays.
    #expect(Array(filled[..<72]) == Array(picture[..<72]))
    try Program.succeed(
      "denoise", Samples.disc(3), "-m", Self.model, "--sigma", "20", "-o", folder("d.png"),
      "--threads", "1")
    #expect(try error(pixels(folder("d.png")), picture) < 20 * 20)
  }

  @Test("options of flat models are refused", arguments: ["--posterior full", "--hidden 8"])
  func refusals(options: String) throws {
    let arguments = options.split(separator: " ").map(String.init)
    let message = try Program.fail(
      64, ["train", Samples.folder("discs"), "--preset", "deep", "-o", "x.safetensors"] + arguments)
    #expect(message.contains(arguments[0]))
  }
}
