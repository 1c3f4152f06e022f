import ArgumentParser
import VAE

struct Reconstruct: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a model keeps of pictures: encode and decode in one.",
    discussion: """
      Writes the very bytes that decode makes of what encode prints. What no latent holds does \
      not come back: transparency, color profile, EXIF. A hierarchical model takes pictures of any \
      size.

        $ latent reconstruct dress.png -m fashion -o dress-reconstructed.png
        $ latent compare dress-reconstructed.png dress.png
        29.81 dB
        $ latent reconstruct icons/ -m emoji --resize -o reconstructed/
      """)

  @Argument(help: "Pictures, or folders of them.")
  var images: [String]

  @OptionGroup var model: ModelOption
  @OptionGroup var sharing: SharingOptions
  @OptionGroup(title: "Output options") var output: OutputOptions
  @OptionGroup(title: "Output options") var sheet: SheetOptions
  @OptionGroup(title: "Input options") var input: InputOptions
  @OptionGroup(title: "Input options") var fit: FitOptions
  @OptionGroup var threads: ThreadOptions

  func run() throws {
    let backend = try threads.backend()
    let model = try model.load()
    try fit.check(model, named: self.model.name)
    let autoencoder = Autoencoder(model, backend: backend)
    let fitting = fit.fitting(input)
    let inputs = input.pictures(images)
    let roles = try self.model.roles()
    roles.reads(inputs)
    let output = try PictureOutput(
      output, count: inputs.count, sheet: sheet.sheet, roles: roles)
    try output.prepare(inputs)
    let part = try sharing.part(of: output, at: self.output.path)
    let work = try sharing.claim ? sharedWork(inputs, output) : nil
    func reconstruct(_ index: Int, _ input: PictureInput) throws {
      let picture = try autoencoder.reconstruct(input.picture(), fitting: fitting)
      try work?.checkClaim()
      try output.write(picture, at: index, for: input)
    }
    let outcome =
      if let work {
        try Batch.forEach(inputs, part: part, sharing: work, reconstruct)
      } else {
        try Batch.forEach(inputs, part: part, reconstruct)
      }
    try outcome.check()
    if output.isWaiting || !sharing.claim { try output.finish() }
  }

  private func sharedWork(_ inputs: [PictureInput], _ output: PictureOutput) throws -> SharedWork {
    output.isShared = true
    return try SharedWork(
      inputs.enumerated().map { index, input in
        input.outputName.isEmpty ? [] : [output.path(at: index, for: input)].compactMap(\.self)
      }, in: output.folder,
      description: Record("reconstruct", ["--model": model.recordedName]).line, sharing)
  }
}
