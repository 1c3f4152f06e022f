import ArgumentParser
import Pictures
import Testing
import VAE

@testable import Commands

@Suite("parsing")
struct ParsingTests {
  @Test("options are read in American and in British spelling")
  func spellings() throws {
    for name in ["--gray", "--grey"] {
      #expect(try Encode.parse(["a", "-m", "digits", name]).input.gray)
      #expect(try Train.parse(["a", "-o", "m.safetensors", name]).data.gray)
    }
    for name in ["--color", "--colour"] {
      #expect(try Train.parse(["a", "-o", "m.safetensors", name]).data.color)
    }
    for name in ["--binarize", "--binarise"] {
      #expect(try Train.parse(["a", "-o", "m.safetensors", name]).data.binarize)
      #expect(try Evaluate.parse(["a", "-m", "digits", name]).binarize)
    }
    for name in ["--binarize-once", "--binarise-once"] {
      #expect(try Train.parse(["a", "-o", "m.safetensors", name]).data.binarizeOnce)
    }
    for name in ["--dequantize", "--dequantise"] {
      #expect(try Train.parse(["a", "-o", "m.safetensors", name]).data.dequantize)
    }
    for name in ["--color-map", "--colour-map"] {
      let arguments = ["a", "-o", "b.png", "--uncertainty", "u.png", name]
      #expect(try Denoise.parse(arguments).conditional.colorMap)
    }
  }

  @Test func encode() throws {
    let command = try Encode.parse([
      "a.png", "-", "-m", "digits", "--format", "npy", "--sample", "--seed", "7", "--gray",
    ])
    #expect(command.images == ["a.png", "-"])
    #expect(command.model.name == "digits")
    #expect(command.format == .npy)
    #expect(command.sample && !command.variance && command.input.gray)
    #expect(command.seed.value == 7)
  }

  @Test func batches() throws {
    let command = try Inpaint.parse([
      "a", "--mask", "alpha", "-m", "digits", "-o", "out/", "-r", "--skip-existing", "--no-record",
    ])
    #expect(command.batch.isRecursive && command.batch.skipExisting && command.batch.omitsRecord)
    let plain = try Denoise.parse(["a", "-m", "digits", "-o", "out/"]).batch
    #expect(!plain.isRecursive && !plain.skipExisting && !plain.omitsRecord)
    #expect(try Denoise.parse(["a", "-m", "d", "-o", "o", "--recursive"]).batch.isRecursive)
  }

  @Test("decode reads standard input where nothing else is said")
  func decode() throws {
    let command = try Decode.parse(["-m", "digits", "-o", "-", "--depth", "16", "--grid", "4x3"])
    #expect(command.file == "-")
    #expect(command.output.depth == 16)
    #expect(command.sheet.sheet == Sheet(columns: 4, rows: 3, gap: 0))
  }

  @Test func train() throws {
    let command = try Train.parse([
      "a", "b", "-o", "m.safetensors", "--preset", "convolutional", "--latents", "9", "--hidden",
      "64", "--widths", "8,16", "--blocks", "2", "--activation", "relu", "--likelihood",
      "gaussian-fixed", "--sigma", "51", "--mean", "identity", "--optimizer", "sgd", "--momentum",
      "0.5", "--time", "1h30m", "--size", "32x24", "--fit", "fit", "--batch-size", "50",
    ])
    let configuration = try command.network.configuration(
      image: ImageShape(channels: 3, height: 24, width: 32))
    #expect(configuration.latents == 9)
    #expect(
      configuration.flat?.network
        == .convolutional(widths: [8, 16], blocks: 2, hidden: 64, activation: .relu))
    #expect(
      configuration.likelihood == .gaussianFixed(standardDeviation: 0.2, mean: .identity))
    let training = command.optimization.configuration(TrainingConfiguration(), seed: 3)
    #expect(training.limit == .seconds(5400))
    #expect(training.optimizer == .sgd(momentum: 0.5))
    #expect(training.batchSize == 50 && training.seed == 3)
    #expect(command.data.options.dataset.size == .scaled(width: 32, height: 24))
  }

  @Test("presets hold where no option overrides them")
  func presets() throws {
    let image = ImageShape(channels: 1, height: 32, width: 32)
    for preset in Configuration.Preset.allCases {
      let command = try Train.parse(["a", "-o", "m.safetensors", "--preset", preset.rawValue])
      #expect(
        try command.network.configuration(image: image) == preset.configuration(image: image))
      let start = TrainingConfiguration(for: preset)
      #expect(command.optimization.configuration(start, seed: 0) == start)
    }
  }

  @Test(
    "what does not go together is refused",
    arguments: [
      ["--epochs", "1", "--steps", "1"], ["--gray", "--color"], ["--momentum", "0.5"],
      ["--sigma", "3"], ["--mean", "sigmoid"], ["--preset", "aevb", "--widths", "3"],
      ["--batch-size", "0"],
      ["--validation", "a", "--validation-share", "0.1"], ["--time", "soon"], ["--hidden", "3,x"],
      ["--learning-rate", "-1"], ["--size", "0x4"], ["-o", "model.bin"], ["--threads", "0"],
      ["--binarize", "--dequantize"],
    ])
  func contradictions(options: [String]) {
    #expect(throws: (any Error).self) {
      try Train.parse(["a", "-o", "m.safetensors"] + options)
    }
  }

  @Test(
    "durations",
    arguments: [("90", 90.0), ("90s", 90), ("10m", 600), ("1h30m", 5400), ("0.5m", 30)]
  )
  func durations(text: String, seconds: Double) {
    #expect(TimeSpan(argument: text)?.seconds == seconds)
  }

  @Test(arguments: ["", "m", "0", "10x", "1m30", "-5", "1..2s"])
  func badDurations(text: String) { #expect(TimeSpan(argument: text) == nil) }

  @Test func extents() {
    #expect(Extents(argument: "20x10")?.width == 20)
    #expect(Extents(argument: "20X10")?.height == 10)
    for text in ["20", "x", "20x", "0x1", "1x-1", "1x2x3", "axb"] {
      #expect(Extents(argument: text) == nil)
    }
  }

  @Test func backgrounds() {
    #expect(Background(argument: "black")?.level == 0)
    #expect(Background(argument: "51")?.level == 0.2)
    #expect(Background(argument: "256") == nil)
    #expect(Background(argument: "red") == nil)
  }
}
