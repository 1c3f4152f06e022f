import Foundation
import Testing

@Suite("evaluate, compare, info")
struct MeasuringTests {
  private func object(_ data: Data) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func nats(_ object: [String: Any], _ key: String) throws -> Double {
    try #require((object[key] as? [String: Any])?["nats"] as? Double)
  }

  @Test("the bound is minus rate minus distortion, below the importance-weighted estimate")
  func evaluate() throws {
    let report = try object(
      Program.succeed(
        "evaluate", Samples.folder("discs"), "-m", Samples.model, "--json", "--samples", "50",
        "--importance-samples", "300", "--per-image"
      ).output)
    let bound = try nats(report, "bound")
    #expect(
      try abs(bound + nats(report, "rate") + nats(report, "distortion")) < 1e-3 * abs(bound))
    #expect(try nats(report, "log_likelihood") > bound)
    #expect(report["pictures"] as? Int == 8)
    let each = try #require(report["per_image"] as? [[String: Any]])
    #expect(each.count == 8)
    let mean = each.compactMap { $0["bound"] as? Double }.reduce(0, +) / 8
    #expect(abs(mean - bound) < 1e-3)
    let bits = try #require(report["bits_per_dimension"] as? Double)
    #expect(try abs(bits + nats(report, "log_likelihood") / 144 / 0.693147) < 1e-4)
  }

  @Test("drawn black and white pictures depend on the seed alone")
  func binarize() throws {
    func bound(_ options: String...) throws -> Double {
      try nats(
        object(
          Program.run(
            ["evaluate", Samples.folder("discs"), "-m", Samples.model, "--json"] + options
          ).output), "bound")
    }
    let first = try bound("--binarize", "--seed", "1")
    #expect(try first == bound("--binarize", "--seed", "1"))
    #expect(try abs(first - bound("--binarize", "--seed", "2")) > 0.01)
    #expect(try first != bound("--seed", "1"))
  }

  @Test func evaluateText() throws {
    let lines = try Program.succeed(
      "evaluate", Samples.folder("discs"), "-m", Samples.model, "--limit", "3"
    ).lines
    #expect(
      lines.map { String($0.prefix { $0 != " " }) }
        == [
          "pictures", "bound", "rate", "distortion", "bits/dim", "active", "aggregate",
        ])
    #expect(lines[0].hasSuffix(" 3"))
    let table = try Program.succeed(
      "evaluate", Samples.folder("discs"), "-m", Samples.model, "--limit", "3", "--per-image"
    ).lines
    #expect(table.count == 10)
    #expect(table[0].hasPrefix(Samples.disc(0) + "\t"))
  }

  @Test("the ratio of known differences")
  func compare() throws {
    let folder = try Folder()
    let zeros = [Float](repeating: 0, count: 288)
    try npy(zeros, shape: "2, 12, 12").write(to: folder.url("a.npy"))
    try npy(zeros.indices.map { $0 < 144 ? 1 : 10 }, shape: "2, 12, 12")
      .write(to: folder.url("b.npy"))
    // 20 log10(255) = 48.13 and 20 less.
    #expect(
      try Program.succeed("compare", folder("a.npy"), folder("b.npy")).text
        == "38.13 dB, mean of 2 pictures (standard error 10.00)\n")
    #expect(
      try Program.succeed("compare", folder("a.npy"), folder("b.npy"), "--per-image").lines
        .prefix(2) == ["\(folder("a.npy"))[0]\t48.13 dB", "\(folder("a.npy"))[1]\t28.13 dB"])
    #expect(
      try Program.succeed("compare", Samples.disc(0), Samples.disc(0), "--ssim").text
        == "inf dB, SSIM 1.0000\n")
  }

  @Test("identical pairs of a folder, whose ratio is infinite, are counted apart")
  func compareIdentical() throws {
    let folder = try Folder()
    for name in ["a", "b"] {
      try FileManager.default.createDirectory(
        atPath: folder(name), withIntermediateDirectories: false)
      try FileManager.default.copyItem(atPath: Samples.disc(0), toPath: folder("\(name)/0.png"))
    }
    #expect(
      try Program.succeed("compare", folder("a"), folder("b")).text == "inf dB\n")
    try FileManager.default.copyItem(atPath: Samples.disc(1), toPath: folder("a/1.png"))
    try FileManager.default.copyItem(atPath: Samples.disc(2), toPath: folder("b/1.png"))
    let one = try Program.succeed("compare", Samples.disc(1), Samples.disc(2)).text
    #expect(
      try Program.succeed("compare", folder("a"), folder("b")).text
        == one.dropLast() + ", mean of 1 of 2 pictures; 1 identical\n")
    let json = try Program.succeed("compare", folder("a"), folder("b"), "--json", "--per-image")
    let object = try #require(
      try JSONSerialization.jsonObject(with: json.output) as? [String: Any])
    #expect(object["identical"] as? Int == 1 && object["pictures"] as? Int == 2)
    let ratio = try #require(object["psnr"] as? Double)
    #expect(ratio.isFinite && one.hasPrefix(String(format: "%.2f dB", ratio)))
    let each = try #require(object["per_image"] as? [[String: Any]])
    #expect(each[0]["psnr"] is NSNull && each[1]["psnr"] as? Double == ratio)
  }

  @Test("a mask limits the comparison; both sides are rounded unless --exact")
  func compareOptions() throws {
    let folder = try Folder()
    let upper = (0..<144).map { Float($0 < 72 ? 100 : 0.4) }
    try npy(upper, shape: "12, 12").write(to: folder.url("a.npy"))
    try npy([Float](repeating: 0, count: 144), shape: "12, 12").write(to: folder.url("b.npy"))
    #expect(
      try Program.succeed(
        "compare", folder("a.npy"), folder("b.npy"), "--mask", Samples.folder("mask.png")
      ).text == "inf dB over 72 hidden pixels\n")
    #expect(
      try Program.succeed(
        "compare", folder("a.npy"), folder("b.npy"), "--mask", Samples.folder("mask.png"), "--exact"
      ).text == "56.09 dB over 72 hidden pixels\n")
  }

  @Test func info() throws {
    let report = try object(Program.succeed("info", Samples.model, "--json").output)
    let configuration = try #require(report["configuration"] as? [String: Any])
    #expect(configuration["latents"] as? Int == 3)
    // 144-8, two heads 8-3, 3-8, 8-144, each with biases.
    #expect(report["parameters"] as? Int == 145 * 8 + 9 * 6 + 4 * 8 + 9 * 144)
    #expect((report["history"] as? [String: Any])?["steps"] as? Int == 40)
    let text = try Program.succeed("info", Samples.model, "--tensors").text
    #expect(text.contains("pictures      12x12 gray\n"))
    #expect(text.contains("encoder.0.weight"))
  }

  @Test("models are found by name in LATENT_MODELS")
  func names() throws {
    _ = Samples.model
    let result = try Program.run(
      ["info", "grey"], environment: ["LATENT_MODELS": "/nowhere:\(Samples.folder.path)"])
    #expect(result.exitCode == 0)
    #expect(result.text.hasPrefix("model         \(Samples.folder("grey.safetensors"))\n"))
  }
}
