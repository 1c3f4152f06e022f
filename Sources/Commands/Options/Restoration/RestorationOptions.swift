import Batches
import Pictures
import Restoration
import VAE

extension RestorationTask {
  /// The task that the options of a command that restores pictures describe.
  init(
    _ images: [String], _ model: Model, fitting: PictureFitting, _ results: ConditionalOptions,
    _ seed: SeedOption, input: InputOptions, batch: BatchOptions, output: OutputOptions,
    sheet: SheetOptions, record: Record, roles: FileRoles
  ) throws {
    var options = Restorer.Options()
    options.samples = results.samples
    options.measuresDeviation = results.uncertainty != nil
    options.ensemble = results.ensemble
    options.tile = results.tile
    options.depth = output.depth
    options.seed = seed.value
    options.fitting = fitting
    var settings = Settings(output: try output.target)
    settings.sheet = sheet.sheet
    settings.background = input.background
    settings.deviations = results.uncertainty
    settings.colorsDeviations = results.colorMap
    settings.isRecursive = batch.isRecursive
    settings.skipsExisting = batch.skipExisting
    settings.records = !batch.omitsRecord
    settings.sharing = batch.sharing.sharing
    if let path = results.uncertainty { try OutputOptions.checkIsNoTerminal(path) }
    try self.init(
      images, input.reader, options, settings, isConditional: model.configuration.isConditional,
      record: record, roles: roles)
  }

  /// Restores every picture.
  ///
  /// - Throws: `ReportedFailure` where one failed.
  func run(
    _ body: (_ input: PictureInput, _ picture: Picture, _ options: Restorer.Options) throws ->
      RestoredPicture
  ) throws {
    let display = BatchDisplay(showsProgress: !isPiped || !StandardError.sharesOutput)
    try run(display, body).check()
  }
}
