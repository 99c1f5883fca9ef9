//! Every action of the product: one a operation of the API, with who may do it.

use super::audience::Audience;

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident $op:literal $audience:ident $(key $scope:literal)?;)*) => {
        /// Everything that can be done, one variant an operation of the API.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action {
            $(#[doc = concat!("`", $op, "`")] $name,)*
        }

        impl Action {
            /// All actions, in the order of the field.
            pub const ALL: &'static [Action] = &[$(Self::$name,)*];

            /// The operation id in the API, which is also the name in the audit.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $op,)* }
            }

            /// For whom it is.
            pub fn audience(self) -> Audience {
                match self { $(Self::$name => Audience::$audience,)* }
            }

            /// Whether it leaves an event in the audit: all but the reading of what everybody may see.
            pub fn is_recorded(self) -> bool {
                self.audience() != Audience::Public || self.is_known_by()
            }

            /// Whether it is open to everybody and writes all the same: people come to be known by it.
            pub fn is_known_by(self) -> bool {
                matches!(
                    self,
                    Self::Register
                        | Self::ConfirmRegistration
                        | Self::SignIn
                        | Self::RequestPasswordReset
                        | Self::CompletePasswordReset
                        | Self::ConfirmEmailChange
                        | Self::AcceptInvitation
                        | Self::RenewByLink
                        | Self::ConfirmCapacityByLink
                        | Self::SeeFollowup
                        | Self::AnswerFollowup
                )
            }

            /// Whether the administrators should notice it: a protected address was looked at.
            pub fn is_alert(name: &str) -> bool {
                name == Self::ReadProtectedAddress.name()
            }

            /// The scope that lets a machine client do it, if one does.
            pub fn key_scope(self) -> Option<&'static str> {
                match self { $(Self::$name => { #[allow(unused_mut, unused_assignments)] let mut s: Option<&'static str> = None; $(s = Some($scope);)? s })* }
            }
        }
    };
}

actions! {
    // The municipality in public.
    GetTenant "get_tenant" Public;
    GetLogo "get_logo" Public;
    GetLegalPage "get_legal_page" Public;
    SearchFacilities "search_facilities" Public key "facilities_read";
    FacilityMarkers "facility_markers" Public;
    FacilityFacets "facility_facets" Public;
    GetFacility "get_facility" Public key "facilities_read";
    SuggestPlaces "suggest_places" Public;
    ListCriteria "list_criteria" Public;
    ListPublishedCriteria "list_published_criteria" Public;
    // People.
    Register "register" Public;
    ConfirmRegistration "confirm_registration" Public;
    SignIn "sign_in" Public;
    GetSession "get_session" Public;
    SignOut "sign_out" SignedIn;
    RequestPasswordReset "request_password_reset" Public;
    CompletePasswordReset "complete_password_reset" Public;
    UpdateAccount "update_account" SignedIn;
    ChangePassword "change_password" SignedIn;
    RequestEmailChange "request_email_change" SignedIn;
    ConfirmEmailChange "confirm_email_change" Public;
    CloseAccount "close_account" SignedIn;
    ListSessions "list_sessions" SignedIn;
    EndSession "end_session" SignedIn;
    GetSavedViews "get_saved_views" SignedIn;
    PutSavedViews "put_saved_views" SignedIn;
    StartSecondFactor "start_second_factor" SignedIn;
    ConfirmSecondFactor "confirm_second_factor" SignedIn;
    DisableSecondFactor "disable_second_factor" SignedIn;
    ListStaff "list_staff" Admins;
    ListInvitations "list_invitations" Admins;
    InviteStaff "invite_staff" Admins;
    RevokeInvitation "revoke_invitation" Admins;
    AcceptInvitation "accept_invitation" Public;
    GrantMembership "grant_membership" Admins;
    EndMembership "end_membership" Admins;
    ListApiKeys "list_api_keys" Admins;
    CreateApiKey "create_api_key" Admins;
    RevokeApiKey "revoke_api_key" Admins;
    ListAudit "list_audit" Admins;
    GetAuditChain "get_audit_chain" Admins;
    VerifyAuditChain "verify_audit_chain" Admins;
    // The tenant's own matters.
    GetSettings "get_settings" OfficeRead;
    PutSettings "put_settings" Admins;
    RestoreSettings "restore_settings" Admins;
    GetTenantProfile "get_tenant_profile" OfficeRead;
    UpdateTenantProfile "update_tenant_profile" Admins;
    RestoreTenantProfile "restore_tenant_profile" Admins;
    PutLogo "put_logo" Admins;
    PutLegalPage "put_legal_page" Admins;
    RestoreLegalPage "restore_legal_page" Admins;
    ListVersions "list_versions" Admins;
    ListClosingDays "list_closing_days" OfficeRead;
    AddClosingDay "add_closing_day" Admins;
    RemoveClosingDay "remove_closing_day" Admins;
    RestoreClosingDays "restore_closing_days" Admins;
    GetSetup "get_setup" Admins;
    ConfirmSetupStep "confirm_setup_step" Admins;
    GetHolidays "get_holidays" OfficeRead;
    CloseHolidays "close_holidays" Admins;
    ListAdminCriteria "list_admin_criteria" FacilityStaffRead;
    AddCriterion "add_criterion" Admins;
    UpdateCriterion "update_criterion" Admins;
    ListCriteriaSets "list_criteria_sets" FacilityStaffRead;
    GetCriteriaSet "get_criteria_set" FacilityStaffRead;
    ListCriteriaTemplates "list_criteria_templates" FacilityStaffRead;
    PreviewCriteria "preview_criteria" FacilityStaffRead;
    CreateCriteriaSet "create_criteria_set" ProvidersWrite;
    PutCriteriaSet "put_criteria_set" ProvidersWrite;
    PublishCriteriaSet "publish_criteria_set" ProvidersWrite;
    WithdrawCriteriaSet "withdraw_criteria_set" ProvidersWrite;
    // Facilities.
    ListProviders "list_providers" OfficeRead;
    CreateProvider "create_provider" Admins;
    UpdateProvider "update_provider" Admins;
    ListFacilities "list_facilities" OfficeRead;
    CreateFacility "create_facility" Admins key "facilities_write";
    UpdateFacility "update_facility" FacilityStaffWrite key "facilities_write";
    GetCapacity "get_capacity" FacilityStaffRead;
    PutCapacity "put_capacity" FacilityStaffWrite key "facilities_write";
    ConfirmCapacity "confirm_capacity" FacilityStaffWrite;
    ConfirmCapacityByLink "confirm_capacity_by_link" Public;
    GetCapacityBasis "get_capacity_basis" FacilityStaffRead;
    PutCapacityBasis "put_capacity_basis" FacilityStaffWrite;
    ListBasisVersions "list_basis_versions" FacilityStaffRead;
    ListStaffingKeys "list_staffing_keys" FacilityStaffRead;
    AddStaffingKey "add_staffing_key" Admins;
    ListForecastScopes "list_forecast_scopes" FacilityStaffRead;
    GetForecast "get_forecast" FacilityStaffRead;
    GetGroupBoard "get_group_board" FacilityStaffRead;
    PlaceInGroup "place_in_group" FacilityStaffDecide;
    ListAbsences "list_absences" FacilityStaffRead;
    RecordAbsence "record_absence" FacilityStaffAndOffice;
    ArrangeSubstitute "arrange_substitute" FacilityStaffAndOffice;
    CancelAbsence "cancel_absence" FacilityStaffAndOffice;
    ImportFacilities "import_facilities" Admins key "facilities_write";
    // Families.
    GetFamily "get_family" Parents;
    PutGuardian "put_guardian" Parents;
    PutHousehold "put_household" Parents;
    AddChild "add_child" Parents;
    UpdateChild "update_child" Parents;
    RemoveChild "remove_child" Parents;
    InviteGuardian "invite_guardian" Parents;
    RevokeGuardianInvitation "revoke_guardian_invitation" Parents;
    AcceptGuardianInvitation "accept_guardian_invitation" Parents;
    ListChildAccess "list_child_access" Parents;
    // Counsellors: what the family gives, what the office records, what the counsellor does.
    ListFamilyMandates "list_family_mandates" Parents;
    GiveMandate "give_mandate" Parents;
    WithdrawMandate "withdraw_mandate" Parents;
    ListChildMandates "list_child_mandates" OfficeRead;
    RecordMandate "record_mandate" OfficeWrite;
    EndMandate "end_mandate" OfficeWrite;
    ListMyMandates "list_my_mandates" SignedIn;
    AcceptMandate "accept_mandate" SignedIn;
    GiveBackMandate "give_back_mandate" SignedIn;
    ActForFamily "act_for_family" SignedIn;
    StopActing "stop_acting" SignedIn;
    ClaimFamily "claim_family" Parents;
    // Families from another system, and codes for families without an account.
    ListClaimCodes "list_claim_codes" OfficeRead;
    IssueClaimCodes "issue_claim_codes" OfficeWrite;
    GetClaimProgress "get_claim_progress" OfficeRead;
    ListClaimBatches "list_claim_batches" OfficeRead;
    CreateClaimBatch "create_claim_batch" OfficeWrite;
    WriteClaimLetters "write_claim_letters" OfficeWrite;
    GetFamilyMapping "get_family_mapping" Admins;
    PutFamilyMapping "put_family_mapping" Admins;
    GetFamilyTemplate "get_family_template" Admins;
    ImportFamilies "import_families" Admins;
    // Custody over time and protected addresses, by the office.
    ListCustody "list_custody" OfficeRead;
    AddCustody "add_custody" OfficeWrite;
    ChangeCustody "change_custody" OfficeWrite;
    SetCaseWorker "set_case_worker" OfficeWrite;
    ReadProtectedAddress "read_protected_address" OfficeWrite;
    CorrectGuardian "correct_guardian" OfficeWrite;
    CorrectChild "correct_child" OfficeWrite;
    CorrectHousehold "correct_household" OfficeWrite;
    // The rights of those whose data these are.
    ExportFamily "export_family" Parents;
    ExportAccount "export_account" SignedIn;
    CopyForGuardian "copy_for_guardian" OfficeWrite;
    GetRetention "get_retention" Admins;
    SetRestriction "set_restriction" Admins;
    // Demands of a family.
    CreateDemand "create_demand" Parents;
    ListDemands "list_demands" Parents;
    GetDemand "get_demand" Parents;
    UpdateDemand "update_demand" Parents;
    PutPreferences "put_preferences" Parents;
    PutSiblingAnswer "put_sibling_answer" Parents;
    SubmitDemand "submit_demand" Parents;
    WithdrawDemand "withdraw_demand" Parents;
    RenewDemand "renew_demand" Parents;
    RenewByLink "renew_by_link" Public;
    SeeFollowup "see_followup" Public;
    AnswerFollowup "answer_followup" Public;
    ListFollowupDemands "list_followup_demands" OfficeRead;
    RecordFollowupAnswer "record_followup_answer" OfficeWrite;
    DiscardDemand "discard_demand" Parents;
    GetReceipt "get_receipt" Parents;
    GetDemandHistory "get_demand_history" Parents;
    // The manager's day.
    ListMyFacilities "list_my_facilities" FacilityStaffRead;
    ListPreferences "list_preferences" FacilityStaffRead;
    GetPreference "get_preference" FacilityStaffRead;
    ReviewPreference "review_preference" FacilityStaffDecide;
    InvitePreference "invite_preference" FacilityStaffDecide;
    WaitlistPreference "waitlist_preference" FacilityStaffDecide;
    RefusePreference "refuse_preference" FacilityStaffDecide;
    ReopenPreference "reopen_preference" FacilityStaffDecide;
    GetFacilityList "get_facility_list" FacilityStaffRead;
    GetFacilityMonth "get_facility_month" FacilityStaffRead;
    ExportFacilityList "export_facility_list" FacilityStaffRead;
    PrintFacilityList "print_facility_list" FacilityStaffRead;
    ExportTable "export_table" FacilityStaffRead;
    GetCareSheet "get_care_sheet" Parents;
    PutCareSheet "put_care_sheet" Parents;
    GetChildCareSheet "get_child_care_sheet" FacilityStaffDecide;
    PutChildCareSheet "put_child_care_sheet" FacilityStaffDecide;
    GetVisit "get_visit" FacilityStaffRead;
    PutVisit "put_visit" FacilityStaffDecide;
    CancelVisit "cancel_visit" FacilityStaffDecide;
    ListVisits "list_visits" Parents;
    GetVisitFile "get_visit_file" Parents;
    ListPreferenceNotes "list_preference_notes" FacilityStaffRead;
    AddPreferenceNote "add_preference_note" FacilityStaffDecide;
    RemovePreferenceNote "remove_preference_note" FacilityStaffDecide;
    ListInbox "list_inbox" FacilityStaffRead;
    // Allocation rounds.
    ListAllocations "list_allocations" Public;
    ListRounds "list_rounds" OfficeRead;
    CreateRound "create_round" OfficeWrite;
    GetRound "get_round" OfficeRead;
    UpdateRound "update_round" OfficeWrite;
    FreezeRound "freeze_round" OfficeWrite;
    EnterSeed "enter_seed" OfficeWrite;
    RunRound "run_round" OfficeWrite;
    ListRuns "list_runs" OfficeRead;
    GetRunFile "get_run_file" OfficeWrite;
    GetRoundReport "get_round_report" OfficeRead;
    OpenConflicts "open_conflicts" OfficeWrite;
    ListCases "list_cases" OfficeRead;
    GetCase "get_case" OfficeRead;
    DecideCases "decide_cases" OfficeWrite;
    ListDeviations "list_deviations" OfficeRead;
    ProposeDeviation "propose_deviation" OfficeWrite;
    ApproveDeviation "approve_deviation" OfficeWrite;
    WithdrawDeviation "withdraw_deviation" OfficeWrite;
    ReleaseRound "release_round" OfficeWrite;
    PauseRound "pause_round" OfficeWrite;
    ResumeRound "resume_round" OfficeWrite;
    CancelRound "cancel_round" OfficeWrite;
    CloseRound "close_round" OfficeWrite;
    GetRoundSteps "get_round_steps" OfficeRead;
    OpenSteps "open_steps" OfficeWrite;
    ExtendStep "extend_step" OfficeWrite;
    ContinueStep "continue_step" OfficeWrite;
    ListStaffRounds "list_staff_rounds" FacilityStaffRead;
    PutRoundChoice "put_round_choice" FacilityStaffDecide;
    GetRoundBoard "get_round_board" FacilityStaffRead;
    AnswerStep "answer_step" FacilityStaffDecide;
    ExportDecisions "export_decisions" OfficeWrite;
    GetRoundOutcome "get_round_outcome" FacilityStaffRead;
    GetExplanation "get_explanation" Parents;
    GetExplanationLetter "get_explanation_letter" Parents;
    GetCaseLetter "get_case_letter" OfficeRead;
    SimulateRound "simulate_round" OfficeWrite;
    // Offers and contracts.
    ListVacancies "list_vacancies" FacilityStaffRead;
    ListFollowups "list_followups" FacilityStaffRead;
    OfferNext "offer_next" FacilityStaffAndOffice;
    SendOffer "send_offer" FacilityStaffDecide;
    ListStaffOffers "list_staff_offers" FacilityStaffRead;
    RevokeOffer "revoke_offer" FacilityStaffDecide;
    RecordOfferAnswer "record_offer_answer" FacilityStaffAndOffice;
    ListOffers "list_offers" Parents;
    GetOffer "get_offer" Parents;
    ViewOffer "view_offer" Parents;
    AcceptOffer "accept_offer" Parents;
    DeclineOffer "decline_offer" Parents;
    ListContracts "list_contracts" ParentsAndStaff;
    GetContract "get_contract" ParentsAndStaff;
    GetContractDraft "get_contract_draft" ParentsAndStaff;
    // Needs planning.
    GetPlanning "get_planning" OfficeRead;
    GetNeedsPlan "get_needs_plan" OfficeRead;
    PutNeedsPlan "put_needs_plan" OfficeWrite;
    // Youth-welfare statistics, and everything that the municipality owns.
    GetStatistics "get_statistics" OfficeRead;
    GetStatisticsFile "get_statistics_file" OfficeWrite;
    GetStatisticsFiles "get_statistics_files" OfficeWrite;
    GetSurveyEntry "get_survey_entry" FacilityStaffWrite;
    PutSurveyEntry "put_survey_entry" FacilityStaffWrite;
    GetSurveyChildren "get_survey_children" FacilityStaffWrite;
    UpdateSurveyChildren "update_survey_children" FacilityStaffWrite;
    ExportTenant "export_tenant" Admins;
    // Parent fees.
    ListFees "list_fees" Public;
    ListFeeTemplates "list_fee_templates" Admins;
    ListFeeSchedules "list_fee_schedules" OfficeRead;
    CreateFeeSchedule "create_fee_schedule" Admins;
    PutFeeSchedule "put_fee_schedule" Admins;
    PublishFeeSchedule "publish_fee_schedule" Admins;
    WithdrawFeeSchedule "withdraw_fee_schedule" Admins;
    ListContractFees "list_contract_fees" OfficeRead;
    DraftFee "draft_fee" OfficeWrite;
    IssueFee "issue_fee" OfficeWrite;
    DiscardFee "discard_fee" OfficeWrite;
    GrantFeeRelief "grant_fee_relief" OfficeWrite;
    EndFeeRelief "end_fee_relief" OfficeWrite;
    GetOfficeFeeNotice "get_office_fee_notice" OfficeRead;
    ListReceivables "list_receivables" OfficeWrite;
    ListMyFees "list_my_fees" Parents;
    GetFeeNotice "get_fee_notice" Parents;
    RequestContractCode "request_contract_code" Parents;
    SignContract "sign_contract" Parents;
    GiveNotice "give_notice" Parents;
    PutContractTerms "put_contract_terms" FacilityStaffDecide;
    SendContract "send_contract" FacilityStaffDecide;
    RecallContract "recall_contract" FacilityStaffDecide;
    RecordPaperSignature "record_paper_signature" FacilityStaffDecide;
    CountersignContract "countersign_contract" FacilityStaffDecide;
    TerminateContract "terminate_contract" FacilityStaffDecide;
    RecordContractNotice "record_contract_notice" FacilityStaffDecide;
    NoteMeaslesProof "note_measles_proof" FacilityStaffDecide;
    PutAmendment "put_amendment" FacilityStaffDecide;
    WithdrawAmendment "withdraw_amendment" FacilityStaffDecide;
    GetAmendment "get_amendment" ParentsAndStaff;
    // Children who live elsewhere.
    ListGuests "list_guests" OfficeRead;
    GetResidence "get_residence" OfficeRead;
    PutGuest "put_guest" OfficeWrite;
    AskHome "ask_home" OfficeWrite;
    RecordGuestAnswer "record_guest_answer" OfficeWrite;
    RecordConsentWithdrawal "record_consent_withdrawal" OfficeWrite;
    DecideConsentLapse "decide_consent_lapse" OfficeWrite;
    GetGuestLetter "get_guest_letter" OfficeRead;
    UnmarkGuest "unmark_guest" OfficeWrite;
    AnnounceMove "announce_move" Parents;
    CancelMove "cancel_move" Parents;
    ListMovers "list_movers" OfficeRead;
    PutMove "put_move" OfficeWrite;
    RecordMoveEvidence "record_move_evidence" OfficeWrite;
    DeleteMove "delete_move" OfficeWrite;
    GetSchoolEntry "get_school_entry" OfficeRead;
    RecordSchoolEntry "record_school_entry" OfficeWrite;
    PreviewSchoolRule "preview_school_rule" Admins;
    ListOtherEnds "list_other_ends" OfficeRead;
    DraftOtherEnds "draft_other_ends" OfficeWrite;
    ListSwapCandidates "list_swap_candidates" OfficeRead;
    ProposeSwap "propose_swap" OfficeWrite;
    ListOfficeSwaps "list_office_swaps" OfficeRead;
    ListFacilitySwaps "list_facility_swaps" FacilityStaffRead;
    AnswerFacilitySwap "answer_facility_swap" FacilityStaffDecide;
    ListMySwaps "list_my_swaps" Parents;
    AnswerMySwap "answer_my_swap" Parents;
    RecordSwapAnswer "record_swap_answer" OfficeWrite;
    ListContractTemplates "list_contract_templates" FacilityStaffRead;
    GetContractTemplate "get_contract_template" FacilityStaffRead;
    CreateContractTemplate "create_contract_template" ProvidersWrite;
    PutContractTemplate "put_contract_template" ProvidersWrite;
    PublishContractTemplate "publish_contract_template" ProvidersWrite;
    WithdrawContractTemplate "withdraw_contract_template" ProvidersWrite;
    PreviewContractTemplate "preview_contract_template" FacilityStaffRead;
    GetContractTemplatePdf "get_contract_template_pdf" FacilityStaffRead;
    // The youth office.
    OfficeOverview "office_overview" OfficeRead;
    OfficeDashboard "office_dashboard" OfficeRead;
    ListPassedOver "list_passed_over" OfficeRead;
    ListOfficeDemands "list_office_demands" OfficeRead key "demands_read";
    GetOfficeDemand "get_office_demand" OfficeRead;
    ConfirmDemand "confirm_demand" OfficeWrite;
    SetRegisterMismatch "set_register_mismatch" OfficeWrite;
    CloseDemand "close_demand" OfficeWrite;
    RecordDemandAnswer "record_demand_answer" OfficeWrite;
    RecordDemandChange "record_demand_change" OfficeWrite;
    RecordSiblingAnswer "record_sibling_answer" OfficeWrite;
    RecordEvidence "record_evidence" OfficeWrite;
    IntakeDemand "intake_demand" OfficeWrite;
    FindKnownChildren "find_known_children" OfficeWrite;
    FindKnownSiblings "find_known_siblings" OfficeWrite;
    // The register and the file of a child.
    GetRegisterList "get_register_list" OfficeRead;
    ImportRegister "import_register" Admins;
    CheckRegister "check_register" OfficeWrite;
    GetCaseFile "get_case_file" OfficeRead;
    // Notices of the office.
    ListNoticeTemplates "list_notice_templates" OfficeRead;
    CreateNoticeTemplate "create_notice_template" Admins;
    ListNotices "list_notices" OfficeRead;
    DraftNotice "draft_notice" OfficeWrite;
    GetNotice "get_notice" OfficeRead;
    UpdateNotice "update_notice" OfficeWrite;
    DiscardNotice "discard_notice" OfficeWrite;
    ApproveNotice "approve_notice" OfficeWrite;
    ReturnNotice "return_notice" OfficeWrite;
    IssueNotice "issue_notice" OfficeWrite;
    RecordNoticeService "record_notice_service" OfficeWrite;
    RecordObjection "record_objection" OfficeWrite;
    DecideObjection "decide_objection" OfficeWrite;
    GetNoticeLetter "get_notice_letter" OfficeRead;
    GetDemandNotices "get_demand_notices" Parents;
    GetOwnNotice "get_own_notice" Parents;
    ListSilentFacilities "list_silent_facilities" OfficeRead;
    ListDeadLetters "list_dead_letters" OfficeRead;
    RetryDeadLetter "retry_dead_letter" OfficeWrite;
    ListLetters "list_letters" OfficeRead;
    GetLetter "get_letter" OfficeWrite;
    MarkLetterPrinted "mark_letter_printed" OfficeWrite;
}
