import Foundation
import Testing

@Suite("denoise, inpaint")
struct RestorationCommandTests {
  /// A disc with noise of deviation 60, the same every time.
  private func noisy() throws -> [Float] {
    var state: UInt64 = 1
    func uniform() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 24)
    }
    return try pixels(Samples.disc(5)).map { value in
      let sum = (0..<12).reduce(Float(-6)) { total, _ in total + uniform() }
      return Float(value) + 60 * sum
    }
  }

  @Test("an array's noise goes down, and the same seed gives the same bytes")
  func denoise() throws {
    let folder = try Folder()
    let noisy = try noisy()
    try npy(noisy, shape: "1, 12, 12").write(to: folder.url("noisy.npy"))
    for name in ["a.npy", "b.npy"] {
      try Program.succeed(
        "denoise", folder("noisy.npy"), "-m", Samples.model, "--sigma", "60", "--steps", "20", "-o",
        folder(name))
    }
    #expect(try folder.data("a.npy") == folder.data("b.npy"))
    let result = array(try folder.data("a.npy"))
    #expect(result.shape == "1, 12, 12")
    let clean = try pixels(Samples.disc(5)).map(Float.init)
    func error(_ x: [Float]) -> Float {
      zip(x, clean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    #expect(error(result.numbers) < 0.7 * error(noisy))
  }

  @Test("without --sigma the estimate is told")
  func estimate() throws {
    let folder = try Folder()
    try npy(try noisy(), shape: "12, 12").write(to: folder.url("noisy.npy"))
    let result = try Program.run([
      "denoise", folder("noisy.npy"), "-m", Samples.model, "--steps", "2", "-o", folder("a.png"),
    ])
    #expect(result.exitCode == 0)
    #expect(result.errors.hasPrefix("latent: \(folder("noisy.npy")): sigma "))
    #expect(result.errors.hasSuffix(", estimated\n"))
  }

  @Test("transparency and 16 bits stay")
  func kinds() throws {
    let folder = try Folder()
    for (name, offset, value) in [("transparent.png", 25, 4), ("deep.png", 24, 16)] {
      try Program.succeed(
        "denoise", Samples.folder(name), "-m", Samples.model, "--sigma", "10", "--steps", "2", "-o",
        folder("a.png"))
      #expect(try Int(folder.data("a.png")[offset]) == value)
    }
  }

  @Test("a gray picture stays gray with a color model")
  func gray() throws {
    let folder = try Folder()
    try Program.succeed(
      "denoise", Samples.disc(0), "-m", Samples.color, "--sigma", "10", "--steps", "2", "-o",
      folder("a.png"))
    #expect(try pixels(folder("a.png")).count == 144)
  }

  @Test("seen pixels come back bit for bit", arguments: ["metropolis", "gibbs", "map"])
  func inpaint(method: String) throws {
    let folder = try Folder()
    try Program.succeed(
      "inpaint", Samples.disc(6), "--mask", Samples.folder("mask.png"), "-m", Samples.model,
      "--method", method, "--steps", "5", "--iterations", "5", "-o", folder("a.png"))
    let (before, after) = try (pixels(Samples.disc(6)), pixels(folder("a.png")))
    #expect(Array(before[..<72]) == Array(after[..<72]))
    #expect(Array(before[72...]) != Array(after[72...]))
  }

  @Test("--mask alpha fills what is transparent, and the result is opaque")
  func alpha() throws {
    let folder = try Folder()
    try Program.succeed(
      "inpaint", Samples.folder("transparent.png"), "--mask", "alpha", "-m", Samples.model,
      "--steps", "5", "--iterations", "5", "-o", folder("a.png"))
    #expect(try folder.data("a.png")[25] == 0)
    let (before, after) = try (
      pixels(Samples.folder("transparent.png")), pixels(folder("a.png"))
    )
    #expect(Array(before[..<72]) == Array(after[..<72]))
  }

  @Test("larger pictures by tiles or scaled: seen pixels stay", arguments: ["--tiled", "--resize"])
  func large(way: String) throws {
    let folder = try Folder()
    let hidden = (0..<600).map { Float($0 / 30 < 8 ? 255 : 0) }
    try npy(hidden, shape: "20, 30").write(to: folder.url("mask.npy"))
    try Program.succeed(
      "inpaint", Samples.folder("large.png"), "--mask", folder("mask.npy"), "-m", Samples.model,
      "--steps", "2", "--iterations", "2", "-o", folder("a.png"), way)
    let (before, after) = try (pixels(Samples.folder("large.png")), pixels(folder("a.png")))
    #expect(Array(before[240...]) == Array(after[240...]))
  }

  @Test("samples differ and are numbered")
  func samples() throws {
    let folder = try Folder()
    try Program.succeed(
      "inpaint", Samples.disc(6), "--mask", Samples.folder("mask.png"), "-m", Samples.model,
      "--samples", "3", "--steps", "5", "--iterations", "5", "-o", folder("out/"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder("out")).sorted()
    #expect(names == ["6-1.png", "6-2.png", "6-3.png"])
    #expect(Set(try names.map { try folder.data("out/\($0)") }).count > 1)
  }

  @Test("a model that takes no condition enlarges nothing, and what to do is told")
  func unconditional() throws {
    let folder = try Folder()
    let message = try Program.fail(
      65, ["upscale", Samples.disc(1), "-s", "2", "-m", Samples.model, "-o", folder("a.png")])
    #expect(message.contains("expected a conditional model, found one of 12x12 gray"))
    #expect(message.hasSuffix("train one with --preset photograph"))
  }
}
