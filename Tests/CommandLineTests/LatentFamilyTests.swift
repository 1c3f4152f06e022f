import Foundation
import Testing

@testable import Commands

/// Models of other posteriors and priors than the default, through every command.
@Suite("posteriors, priors and estimators")
struct LatentFamilyTests {
  private static let real: [[String]] = [
    ["--posterior", "full"], ["--posterior", "laplace", "--prior", "mixture"],
    ["--posterior", "student-t", "--degrees-of-freedom", "4", "--estimator", "iwae"],
    ["--posterior", "iaf", "--flow-steps", "2", "--flow-units", "6"],
    [
      "--prior", "vamp", "--prior-components", "4", "--estimator", "iwae", "--importance-samples",
      "3", "--doubly-reparameterized",
    ],
  ]

  private static let positive: [[String]] = [
    ["--posterior", "gamma"], ["--posterior", "log-normal", "--estimator", "sgvb-b"],
    ["--posterior", "weibull", "--prior", "vamp", "--prior-components", "3"],
  ]

  private func train(_ path: String, _ options: [String]) throws {
    let result = try Program.run(
      [
        "train", Samples.folder("discs"), "-o", path, "--hidden", "8", "--latents", "2", "--steps",
        "20", "--learning-rate", "0.01", "--threads", "1", "--quiet",
      ] + options)
    #expect(result.exitCode == 0, "\(options): \(result.errors)")
  }

  @Test("encode, decode, sample, interpolate, evaluate and info", arguments: real + positive)
  func commands(options: [String]) throws {
    let folder = try Folder()
    let (model, picture) = (folder("m.safetensors"), Samples.disc(2))
    try train(model, options)
    let latents = try Program.succeed("encode", picture, "-m", model)
    #expect(latents.text.split(separator: "\t").count == 2)
    try Program.succeed("decode", "-m", model, "-o", folder("a.png"), input: latents.output)
    try Program.succeed("reconstruct", picture, "-m", model, "-o", folder("b.png"))
    #expect(try folder.data("a.png") == folder.data("b.png"))
    let draws = try Program.succeed("encode", picture, "-m", model, "--sample", "--seed", "3").text
    #expect(draws != latents.text)
    if options.contains("gamma") {
      let numbers = draws.split(whereSeparator: \.isWhitespace).compactMap { Float($0) }
      #expect(numbers.allSatisfy { $0 > 0 })
    }
    for name in ["c.png", "d.png"] {
      try Program.succeed("sample", "-m", model, "-n", "4", "--grid", "2x2", "-o", folder(name))
    }
    #expect(try folder.data("c.png") == folder.data("d.png"))
    try Program.succeed(
      "sample", "-m", model, "-n", "4", "--grid", "2x2", "--temperature", "0.5", "-o",
      folder("e.png"))
    #expect(try folder.data("c.png") != folder.data("e.png"))
    try Program.succeed(
      "interpolate", picture, Samples.disc(5), "-m", model, "--frames", "3", "-o",
      folder("f.png"))
    let evaluation = try Program.succeed(
      "evaluate", picture, Samples.disc(3), "-m", model, "--importance-samples", "20"
    ).lines
    #expect(evaluation.contains { $0.hasPrefix("log p(x)") })
    let info = try Program.succeed("info", model).text
    for name in [options[1]] where options[0] == "--posterior" {
      #expect(info.contains("posterior     \(name)"), "\(info)")
    }
    if options.contains("vamp") { #expect(info.contains("prior         vamp")) }
  }

  @Test("a Gaussian is fitted to real latents of any posterior", arguments: real)
  func restoration(options: [String]) throws {
    let folder = try Folder()
    let model = folder("m.safetensors")
    try train(model, options)
    try Program.succeed(
      "denoise", Samples.disc(1), "-m", model, "--sigma", "20", "--steps", "3", "-o",
      folder("a.png"))
    for method in ["metropolis", "map"] {
      try Program.succeed(
        "inpaint", Samples.disc(1), "--mask", Samples.folder("mask.png"), "-m", model, "--method",
        method, "--steps", "3", "--iterations", "3", "-o", folder("b.png"))
    }
  }

  @Test("positive latents have no Gaussian fitted to them")
  func positiveLatents() throws {
    let folder = try Folder()
    let model = folder("m.safetensors")
    try train(model, Self.positive[0])
    for command in [
      ["denoise", Samples.disc(1), "--sigma", "9"],
      ["inpaint", Samples.disc(1), "--mask", Samples.folder("mask.png")],
    ] {
      let line = try Program.fail(65, command + ["-m", model, "-o", folder("a.png")])
      #expect(line.contains("real numbers") && line.contains("gamma"))
    }
    let line = try Program.fail(
      64, ["sample", "-m", model, "--manifold", "3x3", "-o", folder("a.png")])
    #expect(line.contains("standard-normal"))
  }

  @Test("a flow has no variance to write, in ndjson either")
  func flows() throws {
    let folder = try Folder()
    let model = folder("m.safetensors")
    try train(model, Self.real[3])
    let line = try Program.fail(64, ["encode", Samples.disc(1), "-m", model, "--variance"])
    #expect(line.contains("--sample"))
    let object = try Program.succeed(
      "encode", Samples.disc(1), "-m", model, "--format", "ndjson"
    ).text
    #expect(object.contains("\"mean\"") && !object.contains("log_variance"))
  }

  @Test(
    "what does not go together is refused before anything is trained, with the reason",
    arguments: [
      (["--estimator", "score-function"], "--allow-high-variance"),
      (["--allow-high-variance"], "--estimator score-function"),
      (["--importance-samples", "4"], "--estimator iwae"),
      (["--doubly-reparameterized"], "--estimator iwae"),
      (["--flow-steps", "3"], "--posterior iaf"), (["--flow-units", "3"], "--posterior iaf"),
      (["--degrees-of-freedom", "3"], "--posterior student-t"),
      (["--prior-components", "3"], "--prior mixture or vamp"),
      (["--posterior", "gamma", "--prior", "mixture"], "choose the prior exponential"),
      (["--posterior", "log-normal", "--prior", "standard-normal"], "choose the prior log-normal"),
      (["--prior", "exponential"], "choose the prior standard-normal"),
      (["--posterior", "iaf", "--prior", "vamp"], "choose the prior mixture"),
      (["--posterior", "iaf", "--estimator", "sgvb-b"], "choose --estimator sgvb-a"),
      (["--prior", "mixture", "--estimator", "sgvb-b"], "choose --estimator sgvb-a"),
      (
        [
          "--posterior", "iaf", "--estimator", "score-function", "--allow-high-variance",
        ], "choose another --estimator"
      ),
      (
        ["--posterior", "iaf", "--estimator", "iwae", "--doubly-reparameterized"],
        "leave out --doubly-reparameterized"
      ),
      (["--posterior", "student-t", "--degrees-of-freedom", "2"], "more than 2"),
      (["--free-bits", "1", "--posterior", "laplace"], "of every latent in closed form"),
      (["--free-bits", "1", "--estimator", "iwae"], "of every latent in closed form"),
      (["--beta", "0", "--estimator", "iwae"], "draws no noise"),
      (
        ["--estimator", "iwae", "--samples", "1000", "--importance-samples", "20"],
        "at most 10000 draws"
      ),
      (["--estimator", "iwae", "--importance-samples", "0"], "importance samples"),
      (["--preset", "photograph", "--posterior", "full"], "flat models"),
      (["--preset", "photograph", "--estimator", "sgvb-a"], "flat models"),
    ] as [([String], String)])
  func refusals(options: [String], reason: String) throws {
    let folder = try Folder()
    let result = try Program.run(
      ["train", Samples.folder("discs"), "-o", folder("m.safetensors"), "--steps", "1"] + options)
    #expect(result.exitCode == 64)
    #expect(result.errors.contains(reason), "\(result.errors)")
    #expect(try folder.names.isEmpty)
  }
}
