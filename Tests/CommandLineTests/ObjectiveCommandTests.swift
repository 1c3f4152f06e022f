import Foundation
import Networks
import Testing
import VAE

@testable import Commands

@Suite("likelihoods, objectives and optimizers")
struct ObjectiveCommandTests {
  private static let image = ImageShape(channels: 1, height: 12, width: 12)

  private func parsed(_ options: String...) throws -> Train {
    try Train.parse(["a", "-o", "m.safetensors"] + options)
  }

  private func likelihood(_ options: String...) throws -> Configuration.Likelihood {
    try Train.parse(["a", "-o", "m.safetensors", "--likelihood"] + options).network
      .configuration(image: Self.image).likelihood
  }

  private func training(_ options: String...) throws -> TrainingConfiguration {
    let command = try Train.parse(["a", "-o", "m.safetensors"] + options)
    return command.objective.configuration(
      command.optimization.configuration(TrainingConfiguration(), seed: 0))
  }

  @Test func likelihoods() throws {
    #expect(try likelihood("continuous-bernoulli") == .continuousBernoulli)
    #expect(try likelihood("gaussian-shared") == .gaussianShared(mean: .sigmoid))
    #expect(
      try likelihood("discretized-logistic", "--mean", "identity")
        == .discretizedLogistic(mean: .identity))
    #expect(
      try likelihood("discretized-logistic-mixture", "--components", "3")
        == .discretizedLogisticMixture(components: 3, mean: .sigmoid))
  }

  @Test func optimizers() throws {
    #expect(try training("--optimizer", "momentum").optimizer == .sgd(momentum: 0.9))
    #expect(
      try training("--optimizer", "adamax", "--epsilon", "0.0001").optimizer
        == .adamax(beta1: 0.9, beta2: 0.999, epsilon: 1e-4))
    #expect(
      try training("--optimizer", "adamw", "--weight-decay", "0.5").optimizer
        == .adamW(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.5))
  }

  @Test func schedules() throws {
    #expect(
      try training("--schedule", "step", "--drop-every", "3").schedule
        == .step(epochs: 3, factor: 0.1))
    let iwae = try training("--schedule", "iwae")
    #expect(iwae.schedule == .iwae && iwae.limit == .epochs(3280))
    #expect(try training("--schedule", "iwae", "--epochs", "5").limit == .epochs(5))
  }

  @Test func objectives() throws {
    let weights = try training(
      "--beta", "2", "--warm-up", "3", "--free-bits", "0.5", "--latent-groups", "4", "--patience",
      "7")
    #expect(weights.beta == 2 && weights.rateWarmUp == .epochs(3))
    #expect(weights.freeBits == 0.5 && weights.latentGroups == 4 && weights.patience == 7)
    #expect(
      try training("--denoising-criterion", "noise:51").denoising
        == .noise(standardDeviation: 0.2))
    #expect(
      try training("--denoising-criterion", "flips:0.1").denoising == .flips(probability: 0.1))
  }

  @Test("the photograph preset's warm-up gives way to --warm-up")
  func warmUpOverPreset() throws {
    let command = try parsed("--preset", "photograph", "--warm-up", "0")
    let start = TrainingConfiguration(for: .photograph)
    #expect(start.rateWarmUp == .share(0.2))
    #expect(command.objective.configuration(start).rateWarmUp == nil)

    let vamp = TrainingConfiguration(for: .aevb, prior: .vamp(pseudoInputs: 2))
    #expect(vamp.rateWarmUp == .share(0.2))
    #expect(command.objective.configuration(vamp).rateWarmUp == nil)
    #expect(try parsed("--warm-up", "3").objective.configuration(vamp).rateWarmUp == .epochs(3))
    #expect(TrainingConfiguration(for: .aevb).rateWarmUp == nil)
  }

  @Test(
    "what does not go together is refused",
    arguments: [
      ["--components", "3"], ["--likelihood", "bernoulli", "--mean", "sigmoid"],
      ["--likelihood", "discretized-logistic-mixture", "--components", "65"],
      ["--optimizer", "adam", "--momentum", "0.5"], ["--weight-decay", "0.1"],
      ["--optimizer", "sgd", "--epsilon", "1e-4"], ["--schedule", "step"], ["--drop-every", "3"],
      ["--schedule", "cosine", "--drop-factor", "0.5"],
      ["--schedule", "step", "--drop-every", "1", "--drop-factor", "2"], ["--beta", "-1"],
      ["--warm-up", "-1"], ["--free-bits", "0"], ["--latent-groups", "2"],
      ["--beta", "0", "--free-bits", "1"], ["--beta", "0", "--warm-up", "1"],
      ["--denoising-criterion", "25"], ["--denoising-criterion", "flips:1"], ["--patience", "0"],
      ["--binarize", "--binarize-once"], ["--threshold", "0"],
      ["--threshold", "9", "--noise", "3"],
    ])
  func contradictions(options: [String]) {
    #expect(throws: (any Error).self) {
      try Train.parse(["a", "-o", "m.safetensors"] + options)
    }
  }

  @Test(
    "what does not go with the model is refused",
    arguments: [
      ["--free-bits", "1", "--latent-groups", "3"],
      ["--preset", "convolutional", "--activation", "gated"],
      ["--preset", "photograph", "--free-bits", "1", "--latent-groups", "2"],
      ["--preset", "photograph", "--denoising-criterion", "noise:9"],
      ["--preset", "photograph", "--activation", "gated"],
    ])
  func contradictionsWithTheModel(options: [String]) throws {
    let command = try Train.parse(["a", "-o", "m.safetensors"] + options)
    let model = try? command.network.configuration(
      image: ImageShape(channels: 1, height: 64, width: 64))
    let training = command.objective.configuration(TrainingConfiguration())
    #expect(model.map { training.problem(for: $0) != nil } ?? true)
  }

  private func run(_ arguments: String...) throws -> [String: Any] {
    let result = try Program.succeed(arguments)
    return try #require(
      try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
  }

  @Test(
    "every likelihood trains, evaluates in bits and restores",
    arguments: [
      ["continuous-bernoulli"], ["gaussian-shared"], ["discretized-logistic"],
      ["discretized-logistic-mixture", "--components", "2"],
    ])
  func likelihoodEndToEnd(options: [String]) throws {
    let folder = try Folder()
    let model = folder("m.safetensors")
    _ = try Program.succeed(
      ["train", Samples.folder("discs"), "-o", model, "--hidden", "8", "--latents", "2", "--steps"]
        + ["30", "--quiet", "--likelihood"] + options)
    let report = try run(
      "evaluate", Samples.folder("discs"), "-m", model, "--json", "--importance-samples", "5")
    let bits = try #require(report["bits_per_dimension"] as? Double)
    #expect(bits > 0 && bits < 12)
    let latents = try #require(report["latents"] as? [String: Any])
    #expect(latents["count"] as? Int == 2)
    #expect((latents["total_variance"] as? [Double])?.count == 2)
    let commands = [
      ["denoise", "--sigma", "40", "--steps", "10"],
      [
        "inpaint", "--mask", Samples.folder("mask.png"), "--steps", "10", "--chains", "2",
        "--iterations", "5",
      ],
    ]
    for command in commands {
      _ = try Program.succeed(
        [command[0], Samples.disc(0), "-m", model, "-o", folder("out.png")] + command.dropFirst())
      #expect(try folder.data("out.png").count > 0)
    }
  }

  @Test("patience stops early, keeps the best weights, and needs pictures held out")
  func patience() throws {
    let folder = try Folder()
    let options = [
      "train", Samples.folder("discs"), "-o", folder("m.safetensors"), "--hidden", "8",
      "--latents", "2", "--patience", "2", "--epochs", "3000", "--learning-rate", "0.2",
    ]
    let refused = try Program.run(options)
    #expect(refused.exitCode == 64 && refused.errors.contains("--validation-share"))
    let result = try Program.run(options + ["--validation-share", "0.5"])
    #expect(result.exitCode == 0)
    #expect(result.errors.contains("no better bound for 2 epochs"))
    let info = try run("info", folder("m.safetensors"), "--json")
    let history = try #require(info["history"] as? [String: Any])
    let best = try #require(history["best_step"] as? Int)
    #expect(try best < #require(history["steps"] as? Int))
    #expect(history["active_latents"] as? Int != nil)
  }

  @Test("--sort puts the least likely first; --latents tells of each")
  func anomalies() throws {
    let lines = try Program.succeed(
      "evaluate", Samples.folder("discs"), "-m", Samples.model, "--per-image", "--sort"
    ).lines
    let bounds = lines.compactMap { line -> Double? in
      let fields = line.split(separator: "\t")
      return fields.count == 4 ? Double(fields[1]) : nil
    }
    #expect(bounds.count == 8 && bounds == bounds.sorted())
    let table = try Program.succeed(
      "evaluate", Samples.folder("discs"), "-m", Samples.model, "--latents"
    ).lines.filter { $0.contains("\t") }
    #expect(table.first?.hasPrefix("latent\tmean") == true)
    #expect(table.dropFirst().allSatisfy { $0.hasSuffix("yes") || $0.hasSuffix("no") })
    let report = try run(
      "evaluate", Samples.folder("discs"), "-m", Samples.model, "--latents", "--json")
    let latents = try #require(report["latents"] as? [String: Any])
    let covariance = try #require(latents["covariance_of_means"] as? [[Double]])
    #expect(covariance.count == table.count - 1 && covariance.count == covariance[0].count)
  }

  @Test("a posterior that has collapsed is told of, with what helps")
  func collapse() throws {
    let folder = try Folder()
    let result = try Program.run([
      "train", Samples.folder("discs"), "-o", folder("m.safetensors"), "--hidden", "8",
      "--latents", "2", "--beta", "1000", "--steps", "600",
    ])
    #expect(result.exitCode == 0)
    #expect(result.errors.contains("the posterior has collapsed"))
    #expect(result.errors.contains("--free-bits"))
    #expect(result.errors.contains("0 of 2 latents are active"))
  }
}
