import ArgumentParser
import VAE

/// What to do with a picture of another size than the model's.
protocol SizingOptions {
  /// What a model that takes any size has no use for; nil where none is given.
  var firstGiven: String? { get }
  var sizing: PictureFitting.Sizing { get }
  /// The sizings that can be asked for.
  var alternatives: [PictureFitting.Sizing] { get }
}

extension SizingOptions {
  /// Refuses what is given where the model takes any size.
  ///
  /// - Parameter name: the model's, as the user calls it.
  func check(_ model: Model, named name: String) throws {
    guard model.configuration.takesAnySize else { return }
    try refuse([firstGiven], with: name, which: "that takes pictures of any size")
  }

  /// What is done with pictures that are not what a model sees.
  func fitting(_ input: InputOptions) -> PictureFitting {
    PictureFitting(sizing: sizing, dropsColor: input.gray, background: input.background)
  }

  /// How pictures become what a model sees.
  func pictures(for model: Model, _ input: InputOptions) -> PictureFit {
    PictureFit(model.configuration, fitting(input), alternatives: alternatives)
  }
}

/// Scaling and tiles.
struct FitOptions: ParsableArguments, SizingOptions {
  @Flag(help: "Scale a picture of another size to the model's size, and the result back.")
  var resize = false

  @Flag(
    help: """
      Cut a larger picture into overlapping tiles of the model's size, process each separately and \
      blend the results. (For models of one picture size.)
      """)
  var tiled = false

  func validate() throws {
    if resize && tiled { throw ValidationError("expected --resize or --tiled, found both") }
  }

  var firstGiven: String? { resize ? "--resize" : tiled ? "--tiled" : nil }

  var sizing: PictureFitting.Sizing { resize ? .resize : tiled ? .tile : .exact }
  var alternatives: [PictureFitting.Sizing] { [.resize, .tile] }
}

/// `FitOptions` for commands whose result is no picture of the input's size.
struct ResizeOption: ParsableArguments, SizingOptions {
  @Flag(help: "Scale a picture of another size to the model's size.")
  var resize = false

  var firstGiven: String? { resize ? "--resize" : nil }

  var sizing: PictureFitting.Sizing { resize ? .resize : .exact }
  var alternatives: [PictureFitting.Sizing] { [.resize] }
}
