import Checkpoints
import Files
import Foundation
import Graphs
import Tensors
import Testing

@testable import VAE

private let image = ImageShape(channels: 1, height: 6, width: 5)
private let tiny = Configuration(
  image: image, latents: 2, network: .mlp(hidden: [7], activation: .tanh), likelihood: .bernoulli)

/// A folder that goes with the test.
final class TemporaryFolder {
  let path: String
  init() {
    path = NSTemporaryDirectory() + "latent-" + UUID().uuidString
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }
  func file(_ name: String) -> String { path + "/" + name }
}

@Suite struct ConfigurationTests {
  static let configurations: [Configuration] = [
    tiny,
    Configuration.Preset.aevb.configuration(image: ImageShape(channels: 1, height: 28, width: 28)),
    Configuration.Preset.convolutional.configuration(
      image: ImageShape(channels: 3, height: 64, width: 64)),
    Configuration(
      image: image, latents: 3, network: .mlp(hidden: [], activation: .relu),
      likelihood: .gaussianFixed(standardDeviation: 0.1, mean: .identity)),
    Configuration(
      image: image, latents: 3,
      network: .convolutional(widths: [4, 8], blocks: 2, hidden: 16, activation: .silu),
      likelihood: .gaussian(mean: .sigmoid)),
  ]

  @Test(arguments: configurations)
  func surviveJSON(configuration: Configuration) throws {
    let text = configuration.json.description
    #expect(try Configuration(json: JSONValue(parsing: text)) == configuration)
    #expect(configuration.problem == nil)
  }

  @Test(arguments: [
    (#""latents":2"#, #""latents":0"#, "latents"),
    (#""latents":2"#, #""latents":2,"beta":1"#, "'beta' is not known"),
    (#""channels":1"#, #""channels":2"#, "1 or 3 channels"),
    (#""height":6"#, #""height":-6"#, "1 to 4096 pixels"),
    (#""architecture":"mlp""#, #""architecture":"gan""#, "found 'gan'"),
    (#""hidden":[7]"#, #""hidden":[7.5]"#, "array of integers"),
    (#""activation":"tanh""#, #""activation":"exec""#, "found 'exec'"),
    (#""family":"bernoulli""#, #""family":"poisson""#, "found 'poisson'"),
  ])
  func refusesWhatMakesNoModel(what: String, with replacement: String, reason: String) throws {
    let text = tiny.json.description.replacingOccurrences(of: what, with: replacement)
    #expect(text != tiny.json.description)
    let error = #expect(throws: ConfigurationError.self) {
      try Configuration(json: JSONValue(parsing: text))
    }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
  }
}

@Suite struct ModelFileTests {
  @Test(arguments: ConfigurationTests.configurations)
  func comesBackFromItsFile(configuration: Configuration) throws {
    let folder = TemporaryFolder()
    let model = Model(configuration, seed: 4)
    model.history = ["data": ["somewhere"], "steps": 12]
    try model.write(to: folder.file("a.safetensors"))
    let read = try Model(path: folder.file("a.safetensors"))
    #expect(read.configuration == configuration)
    #expect(read.history == model.history)
    for slot in model.parameters.slots {
      #expect(read.parameters[slot.name] == model.parameters[slot.name])
    }
    try read.write(to: folder.file("b.safetensors"))
    #expect(
      FileManager.default.contentsEqual(
        atPath: folder.file("a.safetensors"), andPath: folder.file("b.safetensors")))
  }

  @Test(arguments: [
    ("format", "stable.diffusion", "found 'stable.diffusion'"),
    ("format_version", "2", "found '2'"),
    ("configuration", "{", "configuration"),
    ("history", "[1]", "an object as 'history'"),
  ])
  func refusesForeignMetadata(key: String, value: String, reason: String) throws {
    var file = Model(tiny, seed: 1).file(name: "x.safetensors")
    file.metadata[key] = value
    let error = #expect(throws: FileError.self) { try Model(file: file) }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    #expect(error?.path == "x.safetensors")
  }

  @Test func refusesTensorsThatDoNotFit() throws {
    var file = Model(tiny, seed: 1).file(name: "x")
    file.set("decoder.0.weight", Tensor([7, 3]))
    #expect(throws: FileError.self) { try Model(file: file) }

    file = Model(tiny, seed: 1).file(name: "x")
    file.set("decoder.9.weight", Tensor([7, 3]))
    #expect(throws: FileError.self) { try Model(file: file) }

    file = Model(tiny, seed: 1).file(name: "x")
    file.set("decoder.0.bias", Tensor([7], repeating: .nan))
    let error = #expect(throws: FileError.self) { try Model(file: file) }
    #expect(error?.description.contains("nan") == true)
  }
}
