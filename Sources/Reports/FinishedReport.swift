import Checkpoints
import Files
import Graphs
import Platform
import VAE

/// The report of a finished model on pictures that are given: what it makes of them, what was measured of them,
/// and the curves of its training where a log tells them.
package enum FinishedReport {
  /// - Parameters:
  ///   - data: of which all pictures are held out.
  ///   - history: of the run that made the model; empty where nobody knows it.
  /// - Throws: `BackendError`, `FileError` where a picture cannot be read.
  package static func page(
    of model: Model, title: String, _ data: TrainingData, history: RunHistory, seed: UInt64,
    backend: any Backend
  ) throws -> ReportPage {
    let configuration = model.configuration
    var training = TrainingConfiguration(for: configuration.preset, prior: configuration.prior)
    training.seed = seed
    var builder = ReportBuilder(title, configuration)
    builder.history = history
    builder.sheets = try ModelPictures(
      model, data, training, effort: .thorough, backend: backend
    ).make()
    builder.activity =
      try data.activity(model, pictures: 1000, backend: backend)?() ?? []
    let summary = try data.validation(model, training, backend: backend)()
    builder.groupRates = summary?.groupRates ?? []
    if let summary {
      builder.facts += [
        ReportPage.Fact("Bound", "\(Figures.number(summary.bound.bound, 1)) nats"),
        ReportPage.Fact("Rate", "\(Figures.number(summary.bound.rate, 1)) nats"),
        ReportPage.Fact("Distortion", "\(Figures.number(summary.bound.distortion, 1)) nats"),
      ]
    }
    builder.facts += ReportFacts.measured(builder, summary?.bound)
    builder.facts.append(
      ReportPage.Fact("Pictures shown to it", Figures.number(Double(data.validationCount), 0)))
    builder.facts += ReportFacts.ofModel(model)
    if let steps = model.history["steps"]?.int {
      builder.facts.append(
        ReportPage.Fact("Trained for", "\(Figures.number(Double(steps), 0)) steps"))
    }
    builder.footer = "latent \(latentVersion): \(configuration.preset.rawValue)."
    return try builder.page
  }
}
